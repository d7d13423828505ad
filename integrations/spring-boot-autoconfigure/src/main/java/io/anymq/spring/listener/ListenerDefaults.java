package io.anymq.spring.listener;

import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about all listeners.
 *
 * @param retry {@code anymq.retry.*}
 * @param deadLetter {@code anymq.dead-letter.*}
 * @param autoStartup whether listeners start with the application
 * @param drainTimeout the longest that the end of the application waits for running handlers
 * @param decorator what surrounds the methods of all listeners, or null
 */
public record ListenerDefaults(
        RetryPolicy retry,
        DeadLetterPolicy deadLetter,
        boolean autoStartup,
        Duration drainTimeout,
        @Nullable HandlerDecorator decorator) {}
