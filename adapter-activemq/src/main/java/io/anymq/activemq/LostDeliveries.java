package io.anymq.activemq;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.command.MessageId;

/**
 * What this client knows of messages that a connection was lost with. The broker counts a redelivery of everything it
 * had sent over such a connection, begun or not, so a return that a loss explains is no attempt. That goes for messages
 * which this client had, and for those which were still on their way to it: these are unknown here, so for ten minutes
 * after a loss it explains one return of any message of its queue that is not known better.
 *
 * <p>Remembers the 131,072 messages that were asked for last. Thread-safe.
 */
final class LostDeliveries {
    private static final int MOST_MESSAGES = 1 << 17;
    private static final int MOST_QUEUES = 1 << 12;
    private static final long RECENT_NANOS = Duration.ofMinutes(10).toNanos();

    /** A delivery of a message: how often the broker had counted it, and all attempts made at the message. */
    record Delivery(MessageId id, int counted, int attempts) {}

    private record Key(String queue, MessageId id) {}

    /** {@code losses}: of its queue, before the one that this was lost in. */
    private record Known(int counted, int attempts, int losses) {}

    private static final class Losses {
        private final ArrayDeque<Long> recent = new ArrayDeque<>();
        private int total;

        int recent(long now) {
            while (!recent.isEmpty() && now - recent.getFirst() > RECENT_NANOS) {
                recent.remove();
            }
            return recent.size();
        }
    }

    private static final class Latest<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1;

        private final int most;

        Latest(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }

    private final LongSupplier clock;
    private final Map<Key, Known> known = new Latest<>(MOST_MESSAGES);
    private final Map<String, Losses> losses = new Latest<>(MOST_QUEUES);

    /** So that nothing is looked for while no connection was lost. */
    private volatile boolean any;

    LostDeliveries() {
        this(System::nanoTime);
    }

    LostDeliveries(LongSupplier clock) {
        this.clock = clock;
    }

    static int counted(MessageDispatch dispatch) {
        return Math.max(0, dispatch.getRedeliveryCounter());
    }

    /** The attempts made at a message before this delivery of it. */
    int attemptsBefore(String queue, MessageDispatch dispatch) {
        int counted = counted(dispatch);
        return any ? attemptsBefore(queue, dispatch.getMessage().getMessageId(), counted) : counted;
    }

    private synchronized int attemptsBefore(String queue, MessageId id, int counted) {
        Losses lost = losses.get(queue);
        Known before = known.get(new Key(queue, id));
        if (lost == null) {
            return counted;
        }
        if (before == null) {
            return Math.max(0, counted - lost.recent(clock.getAsLong()));
        }
        int returns = counted - before.counted;
        int explained = lost.total - before.losses;
        return before.attempts + Math.max(0, returns - explained);
    }

    /** A consumer of the queue lost its connection, and with it these deliveries and what was on its way. */
    synchronized void lost(String queue, List<Delivery> deliveries) {
        Losses lost = losses.computeIfAbsent(queue, name -> new Losses());
        for (Delivery delivery : deliveries) {
            known.put(new Key(queue, delivery.id), new Known(delivery.counted, delivery.attempts, lost.total));
        }
        long now = clock.getAsLong();
        lost.total++;
        lost.recent.add(now);
        lost.recent(now);
        any = true;
    }
}
