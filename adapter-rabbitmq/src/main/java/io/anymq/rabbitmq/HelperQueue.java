package io.anymq.rabbitmq;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue beside those of a source that holds none of its messages. Helper queues of quorum queues are quorum queues:
 * a classic one lives on one node, and with that node down its source would be worse off than its messages. A queue
 * cannot change its type, so the quorum queues have names of their own, and the classic ones of AnyMQ's first versions
 * are used as well where they exist.
 *
 * @param arguments to declare it with; null if it is used only where it exists
 * @param isQuorum whether one reader at a time is the server's doing ({@code x-single-active-consumer}); the reader of a
 *     classic one asks for it
 */
record HelperQueue(String name, @Nullable Map<String, Object> arguments, boolean isQuorum) {
    private static final long RECORDS_LIVE_MILLIS = Duration.ofDays(7).toMillis();
    private static final long MOST_BYTES = 16L << 20;

    /** Where the receivers of a source are counted; the first is the one that is created. */
    static List<HelperQueue> members(String queue, boolean quorum, boolean mayCreate) {
        return of(RabbitMqNames.members(queue), quorum, mayCreate, Map.of());
    }

    /** Where attempts are written down; the first is the one that is created and written to if possible. */
    static List<HelperQueue> attempts(String queue, boolean quorum, boolean mayCreate) {
        Map<String, Object> bounds = Map.of("x-message-ttl", RECORDS_LIVE_MILLIS, "x-max-length-bytes", MOST_BYTES);
        return of(RabbitMqNames.attempts(queue), quorum, mayCreate, bounds);
    }

    /** The queue type is that of queues that are created, so it says nothing about those of others. */
    private static List<HelperQueue> of(String name, boolean quorum, boolean mayCreate, Map<String, Object> bounds) {
        String quorumName = RabbitMqNames.quorum(name);
        if (!mayCreate) {
            return List.of(new HelperQueue(quorumName, null, true), new HelperQueue(name, null, false));
        }
        Map<String, Object> arguments = new HashMap<>(bounds);
        if (!quorum) {
            arguments.put("x-queue-type", "classic");
            return List.of(new HelperQueue(name, arguments, false));
        }
        arguments.put("x-queue-type", "quorum");
        if (!bounds.isEmpty()) {
            // for its readers, each of which returns what it has read
            arguments.put("x-single-active-consumer", true);
            arguments.put("x-delivery-limit", RabbitMqProvisioner.DELIVERY_LIMIT);
        }
        return List.of(new HelperQueue(quorumName, arguments, true), new HelperQueue(name, null, false));
    }

    /** Creates it if it is missing and may be created; otherwise fails if it is missing. */
    void open(Channel channel) throws IOException {
        if (arguments == null) {
            channel.queueDeclarePassive(name);
        } else {
            channel.queueDeclare(name, true, false, false, arguments);
        }
    }
}
