package io.anymq.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Services on an exchange and queues of RabbitMQ that are not AnyMQ's. */
@Tag("rabbitmq")
class RabbitMqExistingServicesIT extends ExistingServices {
    private static final String EXCHANGE = "shop";
    private static final String PLACED = "order.placed";

    RabbitMqExistingServicesIT() {
        super(BrokerKind.RABBITMQ);
    }

    @Override
    Others others(LocalBroker broker) throws Exception {
        return new Services(broker.bootstrap());
    }

    private static final class Services implements Others {
        private final Connection connection;
        private final Channel channel;

        Services(String address) throws Exception {
            URI server = URI.create("amqp://" + address);
            ConnectionFactory factory = new ConnectionFactory();
            factory.setHost(server.getHost());
            factory.setPort(server.getPort());
            connection = factory.newConnection();
            channel = connection.createChannel();
            channel.exchangeDeclare(EXCHANGE, "topic", true);
            queue("shipping.orders", PLACED);
            queue("billing.orders", PLACED);
            queue("ledger.invoices", "invoice.made");
            place("an old order");
            orders(1);
            receive("billing.orders", 1);
        }

        private void queue(String name, String routingKey) throws Exception {
            channel.queueDeclare(name, true, false, false, null);
            channel.queueBind(name, EXCHANGE, routingKey);
        }

        @Override
        public void prepare() throws Exception {
            channel.queueDeclare("orders-billing-dead", true, false, false, null);
        }

        @Override
        public void place(String order) throws Exception {
            channel.basicPublish(EXCHANGE, PLACED, null, order.getBytes(UTF_8));
        }

        @Override
        public List<String> orders(int count) {
            return receive("shipping.orders", count);
        }

        @Override
        public List<String> invoices(int count) {
            return receive("ledger.invoices", count);
        }

        private List<String> receive(String queue, int count) {
            List<String> received = new ArrayList<>();
            await().atMost(Duration.ofSeconds(60)).pollInSameThread().until(() -> {
                GetResponse message = channel.basicGet(queue, true);
                if (message != null) {
                    received.add(new String(message.getBody(), UTF_8));
                }
                return received.size() >= count;
            });
            return received;
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }
}
