package io.anymq.spring.listener;

import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;

/**
 * What the configuration says about all listeners.
 *
 * @param retry {@code anymq.retry.*}
 * @param deadLetter {@code anymq.dead-letter.*}
 * @param autoStartup whether listeners start with the application
 * @param drainTimeout the longest that the end of the application waits for running handlers
 */
public record ListenerDefaults(
        RetryPolicy retry, DeadLetterPolicy deadLetter, boolean autoStartup, Duration drainTimeout) {}
