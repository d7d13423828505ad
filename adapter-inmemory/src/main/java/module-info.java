/** The embedded broker, which lives in this JVM. */
module io.anymq.inmemory {
    requires transitive io.anymq;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.anymq.inmemory;
    // what unwrap gives: faults, counts and messages of the broker, for tests
    exports io.anymq.inmemory.broker;

    provides io.anymq.spi.BrokerAdapter with
            io.anymq.inmemory.InMemoryAdapter;
}
