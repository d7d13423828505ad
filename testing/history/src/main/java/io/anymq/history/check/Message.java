package io.anymq.history.check;

import io.anymq.history.SendOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message of a destination, with all its sends in their order. */
final class Message {
    final String destination;
    final String id;
    final List<Send> sends = new ArrayList<>(1);

    Message(String destination, String id) {
        this.destination = destination;
        this.id = id;
    }

    @Nullable
    String key() {
        return sends.get(0).content.key();
    }

    /** The first send that was confirmed. */
    @Nullable
    Send confirmed() {
        for (Send send : sends) {
            if (send.outcome() == SendOutcome.CONFIRMED) {
                return send;
            }
        }
        return null;
    }

    /** The first send after which the broker may have it; null if all were rejected. */
    @Nullable
    Send accepted() {
        for (Send send : sends) {
            if (send.outcome() != SendOutcome.REJECTED) {
                return send;
            }
        }
        return null;
    }

    /** The number of copies the broker may have received. */
    int copies() {
        int copies = 0;
        for (Send send : sends) {
            if (send.outcome() != SendOutcome.REJECTED) {
                copies++;
            }
        }
        return copies;
    }
}
