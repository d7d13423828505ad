package io.anymq;

import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Says how messages are consumed, then starts. Unset policies come from the configuration ({@code anymq.consumer.*},
 * {@code anymq.retry.*}, {@code anymq.dead-letter.*}), whose defaults retry five times and then dead-letter, so that a
 * bad message neither blocks nor disappears. Not thread-safe; used once.
 *
 * <pre>{@code
 * client.consumer(orders, Order.class).concurrency(8).retry(RetryPolicy.exponential(3)).start(this::ship);
 * }</pre>
 *
 * @param <T> the type of the body
 */
@API(API.Status.STABLE)
public interface ConsumerBuilder<T> {
    /** Handlers that may run at the same time, 1 to 10,000; default 8. With total order, always 1. */
    ConsumerBuilder<T> concurrency(int handlers);

    /** The policy for failed attempts. */
    ConsumerBuilder<T> retry(RetryPolicy policy);

    /** The policy for messages that exhausted their retries. */
    ConsumerBuilder<T> deadLetter(DeadLetterPolicy policy);

    /** Recognizes messages that were handled before by their id. Default: off, the handler sees duplicates. */
    ConsumerBuilder<T> idempotency(IdempotencyPolicy policy);

    /**
     * Like {@link #idempotency(IdempotencyPolicy)}, with a business key (1 to 256 characters) instead of the id. A repeat
     * of the key is a duplicate whatever its body: the same order may come with another time stamp.
     */
    ConsumerBuilder<T> idempotency(IdempotencyPolicy policy, Function<Delivery<T>, String> key);

    /** The limits on messages in flight and on messages per second. */
    ConsumerBuilder<T> flow(FlowControl flow);

    /**
     * Where handlers run. Default: a pool of the consumer's own. The executor is not closed by AnyMQ. While it throws,
     * messages wait, it is asked again with backoff, and the consumer's health is DEGRADED.
     */
    ConsumerBuilder<T> executor(Executor executor);

    /** Sets how long {@link Consumer#close()} waits for running handlers; default 30 s. */
    ConsumerBuilder<T> drainTimeout(Duration timeout);

    /** Starts with a synchronous handler. */
    Consumer start(Handler<T> handler);

    /** Starts with an asynchronous handler. */
    Consumer startAsync(AsyncHandler<T> handler);

    /** Starts with a handler of up to {@code maxBatch} (1 to 10,000) deliveries a call. */
    Consumer startBatch(int maxBatch, BatchHandler<T> handler);
}
