package io.anymq.internal.receive;

import io.anymq.AsyncHandler;
import io.anymq.BatchHandler;
import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.Handler;
import io.anymq.Source;
import io.anymq.internal.receive.policy.AsyncHandlerLayer;
import io.anymq.internal.receive.policy.BatchHandlerLayer;
import io.anymq.internal.receive.policy.HandlerLayer;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.RetryPolicy;
import io.anymq.validation.Bounds;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects a consumer's settings, with the client's configuration as defaults. */
public final class DefaultConsumerBuilder<T> implements ConsumerBuilder<T> {
    private final ConsumerFactory factory;
    private final Source source;
    private final Type type;
    private int concurrency;
    private RetryPolicy retry;
    private DeadLetterPolicy deadLetter;
    private @Nullable IdempotencyPolicy idempotency;
    private @Nullable Function<Delivery<T>, String> idempotencyKey;
    private FlowControl flow;
    private @Nullable Executor executor;
    private Duration drainTimeout;

    public DefaultConsumerBuilder(ConsumerFactory factory, Source source, Type type) {
        this.factory = factory;
        this.source = source;
        this.type = type;
        this.concurrency = factory.config().concurrency();
        this.retry = factory.config().retry();
        this.deadLetter = factory.config().deadLetter();
        this.flow = factory.config().flow();
        this.drainTimeout = factory.config().drainTimeout();
        this.executor = factory.handlerExecutor();
    }

    @Override
    public ConsumerBuilder<T> concurrency(int handlers) {
        this.concurrency = Bounds.between("concurrency", handlers, 1, 10_000);
        return this;
    }

    @Override
    public ConsumerBuilder<T> retry(RetryPolicy policy) {
        this.retry = Objects.requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public ConsumerBuilder<T> deadLetter(DeadLetterPolicy policy) {
        this.deadLetter = Objects.requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public ConsumerBuilder<T> idempotency(IdempotencyPolicy policy) {
        this.idempotency = Objects.requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public ConsumerBuilder<T> idempotency(IdempotencyPolicy policy, Function<Delivery<T>, String> key) {
        this.idempotencyKey = Objects.requireNonNull(key, "key");
        return idempotency(policy);
    }

    @Override
    public ConsumerBuilder<T> flow(FlowControl flow) {
        this.flow = Objects.requireNonNull(flow, "flow");
        return this;
    }

    @Override
    public ConsumerBuilder<T> executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    @Override
    public ConsumerBuilder<T> drainTimeout(Duration timeout) {
        this.drainTimeout = Bounds.atLeast("drainTimeout", timeout, Duration.ZERO);
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // every delivery of this consumer holds a T: its codec made it
    public Consumer start(Handler<T> handler) {
        Handler<Object> untyped = (Handler<Object>) (Handler<?>) Objects.requireNonNull(handler, "handler");
        return factory.start(source, settings(), parts -> new HandlerLayer(parts.attempt(), untyped));
    }

    @Override
    @SuppressWarnings("unchecked")
    public Consumer startAsync(AsyncHandler<T> handler) {
        AsyncHandler<Object> untyped =
                (AsyncHandler<Object>) (AsyncHandler<?>) Objects.requireNonNull(handler, "handler");
        return factory.start(
                source, settings(), parts -> new AsyncHandlerLayer(parts.attempt(), parts.executor(), untyped));
    }

    @Override
    @SuppressWarnings("unchecked")
    public Consumer startBatch(int maxBatch, BatchHandler<T> handler) {
        int bounded = Bounds.between("maxBatch", maxBatch, 1, 10_000);
        BatchHandler<Object> untyped =
                (BatchHandler<Object>) (BatchHandler<?>) Objects.requireNonNull(handler, "handler");
        return factory.start(
                source,
                settings(),
                parts -> new BatchHandlerLayer(
                        parts.attempt(), parts.executor(), parts.handleAlone(), untyped, bounded));
    }

    @SuppressWarnings("unchecked")
    private ConsumerSettings settings() {
        return new ConsumerSettings(
                type,
                concurrency,
                retry,
                deadLetter,
                idempotency,
                (Function<Delivery<Object>, String>) (Function<?, String>) idempotencyKey,
                flow,
                executor,
                drainTimeout,
                factory.config().keepAlive());
    }
}
