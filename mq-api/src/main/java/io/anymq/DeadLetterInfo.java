package io.anymq;

import java.time.Instant;
import java.util.Optional;

/**
 * Why a message is in a dead-letter queue; see {@link Delivery#deadLetter()}. Made by the engine; an interface, so that
 * tests of applications can make their own. Immutable and thread-safe.
 *
 * <pre>{@code
 * client.consumer(Queue.of("orders-dead"), byte[].class)
 *         .start(dead -> dead.deadLetter().ifPresent(info -> alarm(dead.id(), info.reason(), info.source())));
 * }</pre>
 */
@API(API.Status.STABLE)
public interface DeadLetterInfo {
    /** Why it was given up. */
    DeadLetterReason reason();

    /** Where it failed: the queue or the one subscription, with its ordering. */
    Source source();

    /** Attempts made, at least 0: a message that could not be decoded was never given to a handler. */
    int attempts();

    /** When the first attempt began, in milliseconds, by the clock of the consumer that made it. */
    Instant firstAttemptAt();

    /** When it was given up, in milliseconds, by the clock of the consumer that did. */
    Instant lastAttemptAt();

    /** The class name of the last exception, cut at 256 bytes; empty where there was none. */
    Optional<String> exceptionClass();

    /**
     * Where the last exception was thrown: the first class and method on its stack that is neither the JDK's nor AnyMQ's
     * nor a common framework's, such as {@code com.acme.Shipping.ship}, cut at 256 bytes; empty where there was none.
     */
    default Optional<String> thrownAt() {
        return Optional.empty();
    }

    /**
     * What letters of one cause have in common, in any release of the application: the class of the exception and where
     * it was thrown, such as {@code java.net.ConnectException at com.acme.Shipping.ship}. The reason where there was no
     * exception.
     */
    default String fingerprint() {
        return exceptionClass()
                .map(name -> thrownAt().map(place -> name + " at " + place).orElse(name))
                .orElseGet(() -> reason().name());
    }

    /**
     * Message and stack trace of the last exception, cut at 2 KiB; empty unless asked for with {@link
     * io.anymq.policy.DeadLetterPolicy.Builder#exceptionDetails}.
     */
    Optional<String> exceptionDetails();
}
