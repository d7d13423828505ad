package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection that is opened when it is needed and again after it has failed. Thread-safe. */
final class LazyLink {
    private final ActiveMqConfig config;
    private @Nullable OpenWireLink link;
    private boolean closed;

    LazyLink(ActiveMqConfig config, @Nullable OpenWireLink first) {
        this.config = config;
        this.link = first;
    }

    /** The open one, or a new one within {@code timeout}. */
    synchronized OpenWireLink get(Duration timeout) {
        if (closed) {
            throw new MessagingException(ErrorCode.CLOSED, "the connection is closed");
        }
        OpenWireLink current = link;
        if (current != null && current.isOpen()) {
            return current;
        }
        if (current != null) {
            current.close();
        }
        OpenWireLink opened = OpenWireLink.open(config, timeout);
        link = opened;
        return opened;
    }

    /** The vendor's connection, open or not, if there is one and it is of this type. */
    synchronized <V> Optional<V> unwrap(Class<V> type) {
        return Optional.ofNullable(link).flatMap(current -> current.unwrap(type));
    }

    synchronized void close() {
        closed = true;
        if (link != null) {
            link.close();
        }
    }
}
