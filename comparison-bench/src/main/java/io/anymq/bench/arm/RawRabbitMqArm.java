package io.anymq.bench.arm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
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
public final class RawRabbitMqArm implements Arm {
    /** Setting: {@code full} or {@code none}. */
    public static final String METADATA = "metadata";

    private static final String BACKSTOP = "raw.backstop";
    private static final int LEAST_PREFETCH = 32;
    private static final long ACK_MILLIS = 5;

    private final Map<Long, Completion> waiting = new HashMap<>();
    private final List<Lane> lanes = new ArrayList<>();

    private @Nullable ArmContext context;
    private @Nullable Connection publishing;
    private @Nullable Connection consuming;
    private @Nullable Channel publisher;
    private @Nullable SendRoom room;
    private @Nullable KeyedWorkers workers;
    private @Nullable ScheduledExecutorService acker;
    private long nextConfirm = 1;
    private final String sender = UUID.randomUUID() + "-";
    private boolean metadata;
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

    private String setting(String name) {
        return Objects.requireNonNull(Objects.requireNonNull(context).vendor().get(name), name);
    }

    private int laneCount() {
        return Integer.parseInt(setting("lanes"));
    }

    private String queue(int lane) {
        return Objects.requireNonNull(context).destination() + "~" + lane;
    }

    @Override
    public void open(ArmContext context) throws Exception {
        this.context = context;
        metadata = setting(METADATA).equals("full");
        SendRoom limit = new SendRoom(context.maxInFlight());
        room = limit;
        publishing = connect(context.bootstrap(), setting("heartbeat"), "raw-publish");
        consuming = connect(context.bootstrap(), setting("heartbeat"), "raw-consume");
        Channel channel = publishing.createChannel();
        publisher = channel;
        declare(channel);
        channel.confirmSelect();
        channel.addConfirmListener(
                (number, multiple) -> ended(number, multiple, null),
                (number, multiple) -> ended(number, multiple, new IllegalStateException("nacked")));
        channel.addReturnListener(returned -> limit.broken(
                new IllegalStateException("returned: " + returned.getReplyText() + " " + returned.getRoutingKey())));
        channel.addShutdownListener(limit::broken);
    }

    private void declare(Channel channel) throws IOException {
        String type = setting("queue-type");
        channel.exchangeDeclare(BACKSTOP, BuiltinExchangeType.FANOUT, true);
        for (int lane = 0; lane < laneCount(); lane++) {
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
    public void subscribe(PayloadHandler handler) throws Exception {
        ArmContext opened = Objects.requireNonNull(context, "open comes first");
        int prefetch = Math.min(opened.maxInFlight(), Math.max(LEAST_PREFETCH, 2 * opened.maxInFlight() / laneCount()));
        KeyedWorkers pool = new KeyedWorkers(opened.handlers(), prefetch * laneCount());
        workers = pool;
        for (int number = 0; number < laneCount(); number++) {
            Channel channel = Objects.requireNonNull(consuming).createChannel();
            channel.basicQos(prefetch);
            Lane lane = new Lane(channel, Math.max(1, prefetch / 4));
            lanes.add(lane);
            channel.basicConsume(queue(number), false, new DefaultConsumer(channel) {
                @Override
                public void handleDelivery(
                        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
                    String key = String.valueOf(properties.getHeaders().get("key"));
                    try {
                        pool.submit(key.hashCode(), () -> {
                            handler.handle(body);
                            lane.done(envelope.getDeliveryTag());
                        });
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
        }
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        acker = timer;
        var unused = timer.scheduleWithFixedDelay(
                () -> lanes.forEach(lane -> lane.acknowledge(1)), ACK_MILLIS, ACK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) throws Exception {
        Objects.requireNonNull(room, "open comes first").take();
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(UTF_8));
        int lane = (int) (crc.getValue() >>> 24) * laneCount() / 256;
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
            waiting.put(channel.getNextPublishSeqNo(), completion);
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
        Objects.requireNonNull(room).free(done.size());
        done.forEach(completion -> completion.ended(failure));
    }

    @Override
    public void close() throws Exception {
        if (workers != null) {
            workers.close();
        }
        if (acker != null) {
            acker.shutdown();
            acker.awaitTermination(5, TimeUnit.SECONDS);
        }
        lanes.forEach(lane -> lane.acknowledge(1));
        for (Lane lane : lanes) {
            lane.channel.close();
        }
        if (consuming != null) {
            consuming.close(5_000);
        }
        if (publishing != null) {
            publishing.close(5_000);
        }
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
                    Objects.requireNonNull(room).broken(e);
                }
            }
        }
    }
}
