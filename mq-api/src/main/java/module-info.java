import io.anymq.spi.BrokerAdapter;

/** The API, the policies, the adapter contract, and the engine, which is not exported. */
module io.anymq {
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.anymq;
    exports io.anymq.policy;
    exports io.anymq.spi;
    exports io.anymq.spi.support;

    uses BrokerAdapter;
    uses io.anymq.Codec;
    uses io.anymq.spi.ConfigModule;
}
