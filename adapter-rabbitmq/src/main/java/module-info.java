/** Carries messages over RabbitMQ. */
module io.anymq.rabbitmq {
    requires transitive com.rabbitmq.client;
    requires transitive io.anymq;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.anymq.rabbitmq;

    provides io.anymq.spi.BrokerAdapter with
            io.anymq.rabbitmq.RabbitMqAdapter;
}
