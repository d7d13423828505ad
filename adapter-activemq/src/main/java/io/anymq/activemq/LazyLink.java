package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection that is opened when it is needed and again after it has failed. Thread-safe. */
final class LazyLink {
    private final ActiveMqConfig config;
    private @Nullable OpenWireLink link;
    private boolean closed;

    LazyLink(ActiveMqConfig config) {
        this.config = config;
    }

    LazyLink(ActiveMqConfig config, OpenWireLink first) {
        this.config = config;
        this.link = first;
    }

    /** The open one, or a new one within {@code timeout}. */
    synchronized OpenWireLink get(Duration timeout) {
        if (closed) {
            throw new MessagingException(ErrorCode.CLOSED, "the connection is closed");
        }
        OpenWireLink current = link;
        if (current == null || !current.isOpen()) {
            if (current != null) {
                current.close();
                link = null;
            }
            current = OpenWireLink.open(config, timeout);
            link = current;
        }
        return current;
    }

    /** The one there is, open or not. */
    synchronized @Nullable OpenWireLink current() {
        return link;
    }

    synchronized void close() {
        closed = true;
        if (link != null) {
            link.close();
        }
    }
}
