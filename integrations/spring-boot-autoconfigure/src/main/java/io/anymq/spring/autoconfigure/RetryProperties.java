package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;

/** The attempts at a failing message: {@code anymq.retry.*}. Null is AnyMQ's own default. */
@API(API.Status.EVOLVING)
public class RetryProperties {
    /** Maximum number of attempts, including the first. */
    private @Nullable Integer maxAttempts;

    /** Delay before the second attempt. */
    private @Nullable Duration initialDelay;

    /** Factor by which the delay grows from one attempt to the next. */
    private @Nullable Double multiplier;

    /** Maximum delay between attempts. */
    private @Nullable Duration maxDelay;

    /** Random extension of each delay as a fraction of it, 0 to 1. */
    private @Nullable Double jitter;

    /** Time after the first attempt when retrying ends; 0s for no limit. */
    private @Nullable Duration maxElapsed;

    /** On unordered destinations, longer delays are spent at the broker. */
    private @Nullable Duration inPlaceLimit;

    /** {@code anymq.retry.max-attempts}. */
    public @Nullable Integer getMaxAttempts() {
        return maxAttempts;
    }

    /** Sets it. */
    public void setMaxAttempts(@Nullable Integer maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    /** {@code anymq.retry.initial-delay}. */
    public @Nullable Duration getInitialDelay() {
        return initialDelay;
    }

    /** Sets it. */
    public void setInitialDelay(@Nullable Duration initialDelay) {
        this.initialDelay = initialDelay;
    }

    /** {@code anymq.retry.multiplier}. */
    public @Nullable Double getMultiplier() {
        return multiplier;
    }

    /** Sets it. */
    public void setMultiplier(@Nullable Double multiplier) {
        this.multiplier = multiplier;
    }

    /** {@code anymq.retry.max-delay}. */
    public @Nullable Duration getMaxDelay() {
        return maxDelay;
    }

    /** Sets it. */
    public void setMaxDelay(@Nullable Duration maxDelay) {
        this.maxDelay = maxDelay;
    }

    /** {@code anymq.retry.jitter}. */
    public @Nullable Double getJitter() {
        return jitter;
    }

    /** Sets it. */
    public void setJitter(@Nullable Double jitter) {
        this.jitter = jitter;
    }

    /** {@code anymq.retry.max-elapsed}. */
    public @Nullable Duration getMaxElapsed() {
        return maxElapsed;
    }

    /** Sets it. */
    public void setMaxElapsed(@Nullable Duration maxElapsed) {
        this.maxElapsed = maxElapsed;
    }

    /** {@code anymq.retry.in-place-limit}. */
    public @Nullable Duration getInPlaceLimit() {
        return inPlaceLimit;
    }

    /** Sets it. */
    public void setInPlaceLimit(@Nullable Duration inPlaceLimit) {
        this.inPlaceLimit = inPlaceLimit;
    }

    /** The policy that the client makes of these. */
    RetryPolicy toPolicy() {
        RetryPolicy.Builder builder = RetryPolicy.builder();
        PropertyMapper map = PropertyMapper.get();
        map.from(this::getMaxAttempts).to(builder::maxAttempts);
        map.from(this::getInitialDelay).to(builder::initialDelay);
        map.from(this::getMultiplier).to(builder::multiplier);
        map.from(this::getMaxDelay).to(builder::maxDelay);
        map.from(this::getJitter).to(builder::jitter);
        map.from(this::getMaxElapsed).to(builder::maxElapsed);
        map.from(this::getInPlaceLimit).to(builder::inPlaceLimit);
        return builder.build();
    }
}
