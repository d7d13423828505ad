package io.anymq.internal.receive;

import io.anymq.Delivery;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.RetryPolicy;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings a consumer was built with; {@code keepAlive}: whether the JVM lives as long as it is open. */
record ConsumerSettings(
        Type type,
        int concurrency,
        RetryPolicy retry,
        DeadLetterPolicy deadLetter,
        @Nullable IdempotencyPolicy idempotency,
        @Nullable Function<Delivery<Object>, String> idempotencyKey,
        FlowControl flow,
        @Nullable Executor executor,
        Duration drainTimeout,
        boolean keepAlive) {}
