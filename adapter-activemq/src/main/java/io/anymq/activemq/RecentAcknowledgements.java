package io.anymq.activemq;

import java.util.List;
import org.apache.activemq.command.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * The messages that one consumer acknowledged last. Acknowledgements get no answer, so those that were on their way
 * when a connection was lost may not have arrived, and their messages come back. The broker sends no more ahead than
 * the prefetch, so there are never more of them. Not thread-safe.
 */
final class RecentAcknowledgements {
    private static final int LEAST = 64;

    private final @Nullable MessageId[] ids;
    private final int[] counted;
    private final int[] attemptsBefore;
    private int next;

    RecentAcknowledgements(int prefetch) {
        int size = Math.max(LEAST, prefetch);
        this.ids = new MessageId[size];
        this.counted = new int[size];
        this.attemptsBefore = new int[size];
    }

    void add(ActiveMqMessage message) {
        ids[next] = message.dispatch().getMessage().getMessageId();
        counted[next] = LostDeliveries.counted(message.dispatch());
        attemptsBefore[next] = message.attemptsBefore();
        next = (next + 1) % ids.length;
    }

    /** As they came: a message that was acknowledged has not failed. */
    void addTo(List<LostDeliveries.Delivery> lost) {
        for (int i = 0; i < ids.length; i++) {
            MessageId id = ids[i];
            if (id != null) {
                lost.add(new LostDeliveries.Delivery(id, counted[i], attemptsBefore[i]));
            }
        }
    }
}
