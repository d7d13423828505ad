/** Carries messages over RabbitMQ. */
// the vendor's client has its module name in its manifest only
@SuppressWarnings("requires-transitive-automatic")
module io.anymq.rabbitmq {
    requires transitive com.rabbitmq.client;
    requires transitive io.anymq;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.anymq.rabbitmq;

    provides io.anymq.spi.BrokerAdapter with
            io.anymq.rabbitmq.RabbitMqAdapter;
}
