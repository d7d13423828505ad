package io.anymq.spring.listener;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.MessagingClient;
import io.anymq.Source;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.RetryPolicy;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A listener with everything its annotation names; null is the client's configuration.
 *
 * @param id unique in the application
 * @param autoStartup whether it starts with the application
 * @param decorator what surrounds its method
 */
record Listener(
        String id,
        Source source,
        HandlerMethod handler,
        @Nullable Integer concurrency,
        @Nullable RetryPolicy retry,
        @Nullable DeadLetterPolicy deadLetter,
        @Nullable IdempotencyPolicy idempotency,
        @Nullable Function<Delivery<?>, String> idempotencyKey,
        @Nullable FlowControl flow,
        @Nullable Executor executor,
        int maxBatch,
        boolean autoStartup,
        @Nullable HandlerDecorator decorator) {
    /** Begins to receive. */
    Consumer start(MessagingClient client) {
        return start(client.consumer(source, handler.bodyType()));
    }

    private <T> Consumer start(ConsumerBuilder<T> builder) {
        if (concurrency != null) {
            builder.concurrency(concurrency);
        }
        if (retry != null) {
            builder.retry(retry);
        }
        if (deadLetter != null) {
            builder.deadLetter(deadLetter);
        }
        if (idempotency != null && idempotencyKey != null) {
            builder.idempotency(idempotency, idempotencyKey::apply);
        } else if (idempotency != null) {
            builder.idempotency(idempotency);
        }
        if (flow != null) {
            builder.flow(flow);
        }
        if (executor != null) {
            builder.executor(executor);
        }
        return handler.start(builder, maxBatch, decorator);
    }
}
