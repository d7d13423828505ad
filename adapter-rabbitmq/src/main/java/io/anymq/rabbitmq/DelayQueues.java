package io.anymq.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.anymq.spi.ProvisionMode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Delay by the server alone. Queue k keeps every message for 50 ms · 2^k and then hands it on; which queues a message
 * passes is the binary form of its delay, so {@value #LEVELS} queues do for any delay up to nine days, to a precision of
 * 50 ms. All messages of a queue stay equally long, so none waits behind another one's longer time.
 *
 * <pre>
 * anymq.delay.k  (headers exchange) ── mq-d&lt;k&gt; set ──▶ queue anymq.delay.k ── after 50 ms · 2^k ──▶ anymq.delay.(k-1)
 *        └── not set (alternate exchange) ──▶ anymq.delay.(k-1) … ──▶ anymq.delay.due ──▶ the queue or topic
 * </pre>
 *
 * <p>The queues are quorum queues that hand on with confirms, so a message is at every moment in at least one of them.
 * They are made when the first delayed message is sent. Thread-safe.
 */
final class DelayQueues {
    static final int LEVELS = 24;
    static final long TICK_MILLIS = 50;

    /** From here a direct exchange leads to the queue or topic, by the routing key that the message kept all the way. */
    static final String DUE = "anymq.delay.due";

    private static final String PREFIX = "anymq.delay.";
    private static final String HEADER = "mq-d";

    /** The server counts from the arrival, which is later than the sending; this is for its rounding. */
    private static final long MARGIN_MILLIS = 2;

    private final RabbitMqLink link;
    private volatile boolean ready;
    private volatile boolean mayCreate;

    DelayQueues(RabbitMqLink link) {
        this.link = link;
    }

    /** Whether an address was provisioned with CREATE: only then queues of AnyMQ's own are made. */
    boolean mayCreate() {
        return mayCreate;
    }

    void allow(ProvisionMode mode) {
        if (mode == ProvisionMode.CREATE) {
            mayCreate = true;
        }
    }

    /** Through which exchange, and with which headers, a message reaches {@code routingKey} after its time. */
    RabbitMqRoute.Target target(String routingKey, long remainingMillis) {
        if (!ready) {
            prepare();
        }
        long ticks = Math.min((1L << LEVELS) - 1, (remainingMillis + MARGIN_MILLIS + TICK_MILLIS - 1) / TICK_MILLIS);
        Map<String, Object> headers = new HashMap<>();
        int highest = 0;
        for (int level = 0; level < LEVELS; level++) {
            if ((ticks >> level & 1) == 1) {
                headers.put(HEADER + level, 1);
                highest = level;
            }
        }
        return new RabbitMqRoute.Target(PREFIX + highest, routingKey, true, headers);
    }

    private synchronized void prepare() {
        if (ready) {
            return;
        }
        if (mayCreate) {
            link.run("creating the delay queues", DelayQueues::declare);
        }
        ready = true;
    }

    private static void declare(Channel channel) throws IOException {
        channel.exchangeDeclare(DUE, BuiltinExchangeType.DIRECT, true);
        String next = DUE;
        for (int level = 0; level < LEVELS; level++) {
            String name = PREFIX + level;
            channel.exchangeDeclare(name, BuiltinExchangeType.HEADERS, true, false, Map.of("alternate-exchange", next));
            channel.queueDeclare(
                    name,
                    true,
                    false,
                    false,
                    Map.of(
                            "x-queue-type", "quorum",
                            "x-message-ttl", TICK_MILLIS << level,
                            "x-dead-letter-exchange", next,
                            "x-dead-letter-strategy", "at-least-once",
                            "x-overflow", "reject-publish"));
            channel.queueBind(name, name, "", Map.of("x-match", "all", HEADER + level, 1));
            next = name;
        }
    }

    /** Whether a header belongs to the way through the queues. */
    static boolean isOwn(String header) {
        return header.startsWith(HEADER) && header.substring(HEADER.length()).matches("\\d{1,2}");
    }
}
