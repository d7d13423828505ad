package io.anymq;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Surrounds every send and every call of a handler: for tracing, transactions, tenants, audit. Thread-safe.
 * Interceptors nest in the order in which they were added: the first one is outermost.
 *
 * <p><b>Sends.</b> An interceptor may change or refuse a message, and learns its outcome; it cannot change the outcome.
 * Messages of {@link Delivery#publish} are intercepted when {@code publish} is called, on its thread and inside what
 * surrounds the handler. Dead letters, delayed retries and redrives are not intercepted; a {@link MessagingObserver} is
 * told of them.
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
 * Anything thrown fails the attempt, and the outputs of a failed attempt are not sent. Tracing, with outputs as
 * children of the handler's span:
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
}
