package io.anymq.inmemory.broker;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;

/** Every refusal of the broker, in words that say what to do. */
final class Failures {
    private Failures() {}

    static MessagingException stopped(String broker) {
        return new MessagingException(
                ErrorCode.UNAVAILABLE, broker + " is stopped; start it, or wait until it is started again", true, null);
    }

    static MessagingException disconnected(String broker, String client) {
        return new MessagingException(
                ErrorCode.UNAVAILABLE,
                broker + " broke the connection of client '" + client + "'; open a new sender or receiver",
                true,
                null);
    }

    static MessagingException closed(String what) {
        return new MessagingException(ErrorCode.CLOSED, what + " is closed; open a new one");
    }

    static MessagingException notFound(String what) {
        return new MessagingException(
                ErrorCode.NOT_FOUND,
                what + " does not exist; provision it first, for example with anymq.provision=create");
    }

    static MessagingException full(String what, Duration waited, InMemoryBroker.Limits limits) {
        return new MessagingException(
                ErrorCode.FULL,
                what + " was full for " + waited.toMillis() + " ms (capacity " + limits.queueMessages()
                        + " messages, " + limits.queueBytes()
                        + " bytes); consume faster, or raise anymq.inmemory.queue-messages or .queue-bytes",
                true,
                null);
    }
}
