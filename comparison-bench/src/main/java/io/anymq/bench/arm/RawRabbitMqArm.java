package io.anymq.bench.arm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ's own Java client with the guarantees of the adapter arm: the same queues, persistent mandatory messages with
 * confirms, the same cap on sends in flight, keys spread over single-active-consumer queues by the same hash, the same
 * prefetch, handlers run in key order on as many threads, and acknowledgements without a gap as one. Its messages say who they
 * are, when they were sent and what is in them: without an id no receiver knows a message that comes twice, and AMQP gives
 * them none, as JMS and the clients of RocketMQ do.
 */
public final class RawRabbitMqArm extends RawArm {
    /** Setting: {@code full} or {@code none}. */
    public static final String METADATA = "metadata";

    private static final String BACKSTOP = "raw.backstop";
    private static final int LEAST_PREFETCH = 32;
    private static final long ACK_MILLIS = 5;
    private static final int CLOSE_MILLIS = 5_000;

    private final Map<Long, Completion> waiting = new HashMap<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final String sender = UUID.randomUUID() + "-";
    private @Nullable Channel publisher;
    private int laneCount;
    private boolean metadata;
    private long nextConfirm = 1;
    private long nextId;

    /** Opens a connection as guest. */
    public static Connection connect(String bootstrap, String heartbeatSeconds, String name) throws Exception {
        int colon = bootstrap.lastIndexOf(':');
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(bootstrap.substring(0, colon));
        factory.setPort(Integer.parseInt(bootstrap.substring(colon + 1)));
        factory.setRequestedHeartbeat(Integer.parseInt(heartbeatSeconds));
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection(name);
    }

    private Connection connect(String name) throws Exception {
        Connection connection = connect(context().bootstrap(), setting("heartbeat"), name);
        closing(() -> connection.close(CLOSE_MILLIS));
        return connection;
    }

    private String queue(int lane) {
        return context().destination() + "~" + lane;
    }

    @Override
    void connect(ArmContext opened) throws Exception {
        metadata = setting(METADATA).equals("full");
        laneCount = number("lanes");
        Channel channel = connect("raw-publish").createChannel();
        publisher = channel;
        declare(channel);
        channel.confirmSelect();
        channel.addConfirmListener(
                (number, multiple) -> ended(number, multiple, null),
                (number, multiple) -> ended(number, multiple, new IllegalStateException("nacked")));
        channel.addReturnListener(returned -> broken(
                new IllegalStateException("returned: " + returned.getReplyText() + " " + returned.getRoutingKey())));
        channel.addShutdownListener(this::broken);
    }

    private void declare(Channel channel) throws IOException {
        String type = setting("queue-type");
        channel.exchangeDeclare(BACKSTOP, BuiltinExchangeType.FANOUT, true);
        for (int lane = 0; lane < laneCount; lane++) {
            Map<String, Object> arguments = new HashMap<>();
            arguments.put("x-queue-type", type);
            arguments.put("x-single-active-consumer", true);
            arguments.put("x-dead-letter-exchange", BACKSTOP);
            arguments.put("x-dead-letter-routing-key", queue(lane));
            if (type.equals("quorum")) {
                arguments.put("x-delivery-limit", 1_000_000);
                arguments.put("x-dead-letter-strategy", "at-least-once");
                arguments.put("x-overflow", "reject-publish");
            }
            channel.queueDeclare(queue(lane), true, false, false, arguments);
        }
    }

    @Override
    void transmit(String key, byte[] payload, Completion end) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(UTF_8));
        int lane = (int) (crc.getValue() >>> 24) * laneCount / 256;
        BasicProperties.Builder properties =
                new BasicProperties.Builder().deliveryMode(2).headers(Map.of("key", key));
        if (metadata) {
            properties
                    .messageId(sender + nextId++)
                    .contentType("application/octet-stream")
                    .timestamp(Date.from(Instant.now()));
        }
        Channel channel = Objects.requireNonNull(publisher);
        // Only one thread sends, so the number is the one of this message.
        synchronized (waiting) {
            waiting.put(channel.getNextPublishSeqNo(), end);
        }
        channel.basicPublish("", queue(lane), true, properties.build(), payload);
    }

    private void ended(long number, boolean multiple, @Nullable Throwable failure) {
        List<Completion> done = new ArrayList<>();
        synchronized (waiting) {
            for (long each = multiple ? nextConfirm : number; each <= number; each++) {
                Completion completion = waiting.remove(each);
                if (completion != null) {
                    done.add(completion);
                }
            }
            if (multiple) {
                nextConfirm = number + 1;
            }
        }
        done.forEach(completion -> completion.ended(failure));
    }

    @Override
    public void subscribe(PayloadHandler handler) throws Exception {
        int most = context().maxInFlight();
        int prefetch = Math.min(most, Math.max(LEAST_PREFETCH, 2 * most / laneCount));
        startHandlers(prefetch * laneCount);
        Connection consuming = connect("raw-consume");
        for (int number = 0; number < laneCount; number++) {
            Channel channel = consuming.createChannel();
            channel.basicQos(prefetch);
            Lane lane = new Lane(channel, Math.max(1, prefetch / 4));
            lanes.add(lane);
            closing(channel);
            channel.basicConsume(
                    queue(number),
                    false,
                    (tag, delivery) -> {
                        String key = String.valueOf(
                                delivery.getProperties().getHeaders().get("key"));
                        hand(key.hashCode(), () -> {
                            handler.handle(delivery.getBody());
                            lane.done(delivery.getEnvelope().getDeliveryTag());
                        });
                    },
                    tag -> {});
        }
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        closing(timer::shutdown);
        var unused = timer.scheduleWithFixedDelay(
                () -> lanes.forEach(lane -> lane.acknowledge(1)), ACK_MILLIS, ACK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    void settleLast() {
        lanes.forEach(lane -> lane.acknowledge(1));
    }

    /** One queue's channel, and what of it is done. */
    private final class Lane {
        private final Channel channel;
        private final int batch;
        private final ContiguousOffsets tags = new ContiguousOffsets(1);
        private long acknowledged = 1;

        Lane(Channel channel, int batch) {
            this.channel = channel;
            this.batch = batch;
        }

        void done(long tag) {
            tags.done(tag);
            acknowledge(batch);
        }

        synchronized void acknowledge(int atLeast) {
            long next = tags.committable();
            if (next - acknowledged >= atLeast) {
                try {
                    channel.basicAck(next - 1, true);
                    acknowledged = next;
                } catch (IOException | RuntimeException e) {
                    broken(e);
                }
            }
        }
    }
}
