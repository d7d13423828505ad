package io.anymq;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Surrounds every send and every call of a handler: for tracing, transactions, tenants, audit. Thread-safe.
 * Interceptors nest in the order in which they were added: the first one is outermost.
 *
 * <p><b>Sends.</b> An interceptor may change or refuse a message, and learns its outcome; it cannot change the outcome.
 * Messages of {@link Delivery#publish} are intercepted when {@code publish} is called, on its thread and inside what
 * surrounds the handler. Delayed retries are not intercepted; a {@link MessagingObserver} is told of them.
 *
 * <p><b>Handlers.</b> One call surrounds one call of the handler:
 *
 * <ul>
 *   <li>synchronous handler: on the handler's thread, once per attempt;
 *   <li>asynchronous handler: on the thread that calls the handler, around the call that returns the stage; the attempt
 *       ends when the stage that the interceptor returns has ended, and the handler's own;
 *   <li>batch handler: on the handler's thread, once around the whole batch. When a batch of several fails, each of its
 *       messages is handled alone, with the interceptors around each.
 * </ul>
 *
 * Anything thrown fails the attempt, and the outputs of a failed attempt are not sent.
 *
 * <p><b>Dead letters and redrives.</b> An interceptor may add headers, such as the trace in which a message failed, and
 * learns the outcome. It cannot keep the message where it is: what it throws is logged, and the message goes
 * nevertheless.
 *
 * <p><b>Log lines.</b> What AnyMQ logs about a failed attempt and about a message that is given up is written later than
 * {@link #aroundHandle} ends; {@link #aroundLog} makes the trace of the message current once more.
 *
 * <p>Tracing, with outputs as children of the handler's span:
 *
 * <pre>{@code
 * public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
 *     Span span = tracer.spanBuilder("send " + context.destination().name()).startSpan();
 *     try (Scope scope = span.makeCurrent()) {
 *         next.send(message.withHeader("traceparent", traceparent(span))).whenComplete((receipt, e) -> end(span, e));
 *     }
 * }
 *
 * public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
 *     Span span = tracer.spanBuilder("handle").setParent(parent(context.deliveries())).startSpan();
 *     try (Scope scope = span.makeCurrent()) {
 *         return next.handle().whenComplete((result, e) -> end(span, e));
 *     } catch (Throwable e) {
 *         end(span, e);
 *         throw e;
 *     }
 * }
 * }</pre>
 *
 * <p>A transaction around the handler, which fails the attempt when it cannot commit:
 *
 * <pre>{@code
 * public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
 *     try (Transaction transaction = transactions.begin()) {
 *         CompletionStage<?> handled = next.handle();
 *         transaction.commit();
 *         return handled;
 *     }
 * }
 * }</pre>
 */
@API(API.Status.STABLE)
public interface Interceptor {
    /**
     * Around one send, on the sending thread. Call {@code next.send} exactly once, before returning; throw to refuse
     * the message, whose send then ends as REJECTED. An exception after {@code next.send} is logged and changes
     * nothing.
     */
    default <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) throws Exception {
        next.send(message);
    }

    /**
     * Around one call of a handler. Call {@code next.handle} exactly once, before returning; throw to fail the attempt.
     *
     * @return ends the attempt, exceptionally if it fails; usually the result of {@code next.handle}. For
     *     synchronous and batch handlers the thread waits for it.
     */
    default CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
        return next.handle();
    }

    /**
     * Around one try to publish a dead letter, on a thread of the consumer; there is another try when the queue did not
     * take the letter. Call {@code next.send} at most once, before returning.
     */
    default void aroundDeadLetter(DeadLetterContext context, ForwardChain next) throws Exception {
        next.send(Map.of());
    }

    /**
     * Around one message that {@link MessagingClient#redrive} sends back to where it failed, on the redrive's thread.
     * Call {@code next.send} at most once, before returning.
     */
    default void aroundRedrive(RedriveContext context, ForwardChain next) throws Exception {
        next.send(Map.of());
    }

    /**
     * Around the lines that AnyMQ logs, by {@code io.anymq.failures}, about one failed attempt or about a message that is
     * given up, on the thread that writes them: make the trace of the message current there, so that the lines carry its
     * ids. Call {@code lines} once. Whatever an interceptor does, the lines are written, and what it throws is logged.
     */
    default void aroundLog(LogContext context, Runnable lines) {
        lines.run();
    }

    /** The message being sent and its destination. Created by AnyMQ; later versions may add methods. */
    interface SendContext {
        /** Where the message goes. */
        Destination destination();

        /** The delivery whose handler publishes the message; empty where a producer sends it. */
        Optional<Delivery<?>> delivery();
    }

    /** The rest of the way out. Made by AnyMQ. */
    interface SendChain<T> {
        /**
         * Sends the message, changed or not.
         *
         * @return ends with the receipt or a {@link SendException}, before the caller's own future does, and inner
         *     interceptors before outer ones; a message of {@link Delivery#publish} whose attempt fails ends as
         *     REJECTED
         * @throws IllegalStateException if called twice, or after {@code aroundSend} has returned
         */
        CompletionStage<Receipt> send(Message<T> message);
    }

    /** Whose handler is called with what. Made by AnyMQ; later versions may add methods. */
    interface HandlerContext {
        /** Where the deliveries were read. */
        Source source();

        /**
         * The deliveries passed to the handler: several for a batch, otherwise one; in order, unmodifiable, never
         * empty.
         */
        List<Delivery<?>> deliveries();

        /** Whether it is a batch handler, even if its batch has one delivery. */
        boolean isBatch();

        /** Whether it is an asynchronous handler. */
        boolean isAsync();
    }

    /** The rest of the way in. Made by AnyMQ. */
    interface HandlerChain {
        /**
         * Calls the handler.
         *
         * @return the stage of an asynchronous handler; for the others a stage that has ended normally
         * @throws Exception the exception of a synchronous or batch handler; {@link IllegalStateException} if called
         *     twice, or after {@code aroundHandle} has returned
         */
        CompletionStage<?> handle() throws Exception;
    }

    /** The message that was given up. Created by AnyMQ; later versions may add methods. */
    interface DeadLetterContext {
        /**
         * The same object that the handler and {@link HandlerContext#deliveries()} got, if there was an attempt in this
         * process. {@link Delivery#body()} throws {@link IllegalStateException} where the body could not be decoded.
         */
        Delivery<?> delivery();

        /** The dead-letter queue. */
        Queue queue();

        /** Why it was given up. */
        DeadLetterReason reason();

        /** The failure of the last attempt; empty if the reason is not a failure. */
        Optional<Throwable> failure();
    }

    /** The message that is logged about. Created by AnyMQ; later versions may add methods. */
    interface LogContext {
        /**
         * The same object that the handler, {@link HandlerContext#deliveries()} and {@link DeadLetterContext} got.
         * {@link Delivery#body()} throws {@link IllegalStateException} where the body could not be decoded.
         */
        Delivery<?> delivery();
    }

    /** The dead letter that goes back. Created by AnyMQ; later versions may add methods. */
    interface RedriveContext {
        /** The dead-letter queue it comes from. */
        Queue deadLetter();

        /** The queue or the one subscription it goes back to. */
        Source origin();

        /** The id of the message. */
        String messageId();

        /** The ordering key, or null. */
        @Nullable
        String key();

        /** The headers of the dead letter, without AnyMQ's own; unmodifiable. */
        Map<String, String> headers();

        /** How many times it has been sent back, this one included. */
        long redrives();
    }

    /** The rest of the way of a dead letter or a redriven message. Made by AnyMQ. */
    interface ForwardChain {
        /**
         * Sends the message with these headers in addition to its own; one that it has already is replaced. A dead
         * letter that its queue refuses as too large is published again without them.
         *
         * @param headers up to 16 KiB together with those of other interceptors; names beginning with {@code mq-} are
         *     reserved
         * @return ends with the receipt or the failure, on a thread of the client
         * @throws MessagingException with {@link ErrorCode#INVALID_MESSAGE} or {@link ErrorCode#TOO_LARGE} for headers
         *     that no message may have; the message goes without them
         * @throws IllegalStateException if called twice, or after the interceptor has returned
         */
        CompletionStage<Receipt> send(Map<String, String> headers);
    }
}
