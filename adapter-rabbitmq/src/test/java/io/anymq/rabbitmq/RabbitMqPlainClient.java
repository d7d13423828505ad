package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import io.anymq.tck.PlainClient;
import io.anymq.tck.PlainMessage;
import io.anymq.tck.PlainPlaces;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

/**
 * Looks into queues and writes to them with the vendor's client alone. RabbitMQ has no way to look without taking, and
 * what is put back counts as delivered; so what was taken is published again, in its order, and then acknowledged.
 */
final class RabbitMqPlainClient implements PlainClient, PlainPlaces {
    private static final long PACE_NANOS = Duration.ofMillis(20).toNanos();
    private static final Duration CONFIRM = Duration.ofSeconds(30);

    private final String address;
    private final int lanes;

    RabbitMqPlainClient(String address, int lanes) {
        this.address = address;
        this.lanes = lanes;
    }

    static Connection connect(String address) throws Exception {
        int colon = address.lastIndexOf(':');
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.substring(0, colon));
        factory.setPort(Integer.parseInt(address.substring(colon + 1)));
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    @Override
    public List<PlainMessage> read(String queue, int expected, Duration bound) throws Exception {
        return deliveries(queue, expected, bound).stream()
                .map(RabbitMqPlainClient::message)
                .toList();
    }

    List<Delivery> deliveries(String queue, int expected, Duration bound) throws Exception {
        long end = System.nanoTime() + bound.toNanos();
        try (Connection connection = connect(address)) {
            while (count(connection, queue) < expected && System.nanoTime() < end) {
                LockSupport.parkNanos(PACE_NANOS);
            }
            List<Delivery> found = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                String name = name(queue, lane);
                int there = ready(connection, name);
                if (there > 0) {
                    found.addAll(look(connection, name, there));
                }
            }
            return found;
        }
    }

    static String name(String queue, int lane) {
        return lane == 0 ? queue : queue + "~" + lane;
    }

    private int count(Connection connection, String queue) throws Exception {
        int count = 0;
        for (int lane = 0; lane < lanes; lane++) {
            count += Math.max(0, ready(connection, name(queue, lane)));
        }
        return count;
    }

    /** How many are there, or -1 if the queue is not. */
    static int ready(Connection connection, String queue) throws Exception {
        Channel channel = connection.createChannel();
        try {
            return channel.queueDeclarePassive(queue).getMessageCount();
        } catch (IOException e) {
            if (String.valueOf(e.getCause()).contains("404")) {
                return -1;
            }
            throw e;
        } finally {
            if (channel.isOpen()) {
                channel.close();
            }
        }
    }

    private static List<Delivery> look(Connection connection, String queue, int there) throws Exception {
        List<Delivery> found = new ArrayList<>();
        try (Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            // A queue with a single active consumer refuses basic.get.
            BlockingQueue<Delivery> arriving = new LinkedBlockingQueue<>();
            String tag = channel.basicConsume(queue, false, (consumer, each) -> arriving.add(each), consumer -> {});
            List<Delivery> taken = new ArrayList<>();
            while (taken.size() < there) {
                Delivery next = arriving.poll(10, TimeUnit.SECONDS);
                if (next == null) {
                    throw new IOException(queue + " said it holds " + there + " messages, but gave " + taken.size());
                }
                taken.add(next);
            }
            channel.basicCancel(tag);
            for (Delivery late = arriving.poll(30, TimeUnit.MILLISECONDS);
                    late != null;
                    late = arriving.poll(30, TimeUnit.MILLISECONDS)) {
                taken.add(late);
            }
            for (Delivery each : taken) {
                found.add(each);
                channel.basicPublish("", queue, each.getProperties(), each.getBody());
            }
            channel.waitForConfirmsOrDie(CONFIRM.toMillis());
            // One for all: the server forgets some of many when the channel closes right behind them.
            channel.basicAck(taken.get(taken.size() - 1).getEnvelope().getDeliveryTag(), true);
        }
        return found;
    }

    private static PlainMessage message(Delivery each) {
        Map<String, String> headers = new HashMap<>();
        if (each.getProperties().getHeaders() != null) {
            each.getProperties().getHeaders().forEach((name, value) -> headers.put(name, String.valueOf(value)));
        }
        String key = headers.remove("mq-key");
        headers.remove("mq-sent-at");
        headers.remove("x-delivery-count");
        return new PlainMessage(
                each.getProperties().getMessageId(),
                key,
                each.getBody(),
                each.getProperties().getContentType(),
                headers);
    }

    @Override
    public Optional<PlainPlaces> places() {
        return Optional.of(this);
    }

    @Override
    public String name(String word) {
        return word + ".placed.v1";
    }

    @Override
    public String impossibleName() {
        return "orders".repeat(50);
    }

    private interface Administration {
        void run(Channel channel) throws IOException;
    }

    private String administer(String name, Administration administration) throws Exception {
        try (Connection connection = connect(address);
                Channel channel = connection.createChannel()) {
            administration.run(channel);
        }
        return name;
    }

    @Override
    public String createQueue(String word) throws Exception {
        return administer(name(word), channel -> channel.queueDeclare(name(word), true, false, false, Map.of()));
    }

    @Override
    public String createTopic(String word) throws Exception {
        return administer(name(word), channel -> channel.exchangeDeclare(name(word), "fanout", true));
    }

    @Override
    public String createSubscription(String topic, String word) throws Exception {
        return administer(name(word), channel -> {
            channel.queueDeclare(name(word), true, false, false, Map.of());
            channel.queueBind(name(word), topic, "");
        });
    }

    @Override
    public void publish(String topic, PlainMessage message) throws Exception {
        try (Connection connection = connect(address);
                Channel channel = connection.createChannel()) {
            publish(channel, topic, "some.key", message);
        }
    }

    @Override
    public List<PlainMessage> readSubscription(String topic, String name, int expected, Duration bound)
            throws Exception {
        return read(name, expected, bound);
    }

    private static void publish(Channel channel, String exchange, String routingKey, PlainMessage message)
            throws Exception {
        Map<String, Object> headers = new HashMap<>(message.headers());
        if (message.key() != null) {
            headers.put("mq-key", message.key());
        }
        BasicProperties properties = new BasicProperties.Builder()
                .messageId(message.id())
                .contentType(message.contentType())
                .headers(headers)
                .deliveryMode(2)
                .build();
        publish(channel, exchange, routingKey, properties, message.body());
    }

    private static void publish(
            Channel channel, String exchange, String routingKey, BasicProperties properties, byte[] body)
            throws Exception {
        channel.confirmSelect();
        channel.basicPublish(exchange, routingKey, properties, body);
        channel.waitForConfirmsOrDie(CONFIRM.toMillis());
    }

    /** Sends just this to a RabbitMQ queue. */
    void send(String queue, BasicProperties properties, byte[] body) throws Exception {
        try (Connection connection = connect(address);
                Channel channel = connection.createChannel()) {
            publish(channel, "", queue, properties, body);
        }
    }

    @Override
    public void send(String queue, PlainMessage message) throws Exception {
        int lane = 0;
        if (message.key() != null) {
            CRC32 crc = new CRC32();
            crc.update(message.key().getBytes(UTF_8));
            lane = (int) (crc.getValue() >>> 24) * lanes / 256;
        }
        try (Connection connection = connect(address);
                Channel channel = connection.createChannel()) {
            String name = ready(connection, name(queue, lane)) < 0 ? queue : name(queue, lane);
            publish(channel, "", name, message);
        }
    }
}
