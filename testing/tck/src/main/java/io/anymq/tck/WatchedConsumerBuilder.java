package io.anymq.tck;

import io.anymq.AsyncHandler;
import io.anymq.BatchHandler;
import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.Handler;
import io.anymq.Source;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Builds consumers whose handler calls are written down. Not thread-safe. */
final class WatchedConsumerBuilder<T> implements ConsumerBuilder<T> {
    private final ConsumerBuilder<T> delegate;
    private final Source source;
    private final RuleHistory history;
    private final WatchedClient client;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private DeadLetterPolicy deadLetter = DeadLetterPolicy.DEFAULT;

    WatchedConsumerBuilder(ConsumerBuilder<T> delegate, Source source, RuleHistory history, WatchedClient client) {
        this.delegate = delegate;
        this.source = source;
        this.history = history;
        this.client = client;
    }

    @Override
    public ConsumerBuilder<T> concurrency(int handlers) {
        delegate.concurrency(handlers);
        return this;
    }

    @Override
    public ConsumerBuilder<T> retry(RetryPolicy policy) {
        delegate.retry(policy);
        retry = policy;
        return this;
    }

    @Override
    public ConsumerBuilder<T> deadLetter(DeadLetterPolicy policy) {
        delegate.deadLetter(policy);
        deadLetter = policy;
        return this;
    }

    @Override
    public ConsumerBuilder<T> idempotency(IdempotencyPolicy policy) {
        delegate.idempotency(policy);
        return this;
    }

    @Override
    public ConsumerBuilder<T> idempotency(IdempotencyPolicy policy, Function<Delivery<T>, String> key) {
        delegate.idempotency(policy, key);
        return this;
    }

    @Override
    public ConsumerBuilder<T> flow(FlowControl flow) {
        delegate.flow(flow);
        return this;
    }

    @Override
    public ConsumerBuilder<T> executor(Executor executor) {
        delegate.executor(executor);
        return this;
    }

    @Override
    public ConsumerBuilder<T> drainTimeout(Duration timeout) {
        delegate.drainTimeout(timeout);
        return this;
    }

    private final class Calls {
        final String consumer = history.joining(source, retry, deadLetter);
        final AtomicInteger running = new AtomicInteger();

        void begin(Delivery<T> delivery) {
            running.incrementAndGet();
            history.started(consumer, delivery);
        }

        void end(Delivery<T> delivery, boolean succeeded) {
            history.ended(consumer, delivery, succeeded);
            running.decrementAndGet();
        }

        void handle(Handler<T> handler, Delivery<T> delivery) throws Exception {
            boolean succeeded = false;
            begin(delivery);
            try {
                handler.handle(delivery);
                succeeded = true;
            } finally {
                end(delivery, succeeded);
            }
        }

        CompletionStage<?> handleAsync(AsyncHandler<T> handler, Delivery<T> delivery) throws Exception {
            boolean handedOver = false;
            begin(delivery);
            try {
                CompletionStage<?> stage = handler.handle(delivery);
                handedOver = true;
                return stage.whenComplete((result, failure) -> end(delivery, failure == null));
            } finally {
                if (!handedOver) {
                    end(delivery, false);
                }
            }
        }

        Consumer started(Consumer consuming) {
            return client.started(new WatchedConsumer(consuming, consumer, running, history));
        }
    }

    @Override
    public Consumer start(Handler<T> handler) {
        Calls calls = new Calls();
        return calls.started(delegate.start(delivery -> calls.handle(handler, delivery)));
    }

    @Override
    public Consumer startAsync(AsyncHandler<T> handler) {
        Calls calls = new Calls();
        return calls.started(delegate.startAsync(delivery -> calls.handleAsync(handler, delivery)));
    }

    /** A message counts as handled once its whole batch has succeeded; alone it is an attempt like any other. */
    @Override
    public Consumer startBatch(int maxBatch, BatchHandler<T> handler) {
        Calls calls = new Calls();
        return calls.started(delegate.startBatch(maxBatch, deliveries -> {
            if (deliveries.size() == 1) {
                calls.handle(delivery -> handler.handle(deliveries), deliveries.get(0));
                return;
            }
            handler.handle(deliveries);
            for (Delivery<T> delivery : deliveries) {
                calls.begin(delivery);
                calls.end(delivery, true);
            }
        }));
    }
}
