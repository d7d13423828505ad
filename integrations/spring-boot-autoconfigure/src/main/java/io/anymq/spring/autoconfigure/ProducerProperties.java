package io.anymq.spring.autoconfigure;

import io.anymq.API;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How messages are sent: {@code anymq.producer.*}. Null is AnyMQ's own default. */
@API(API.Status.EVOLVING)
public class ProducerProperties {
    /** Maximum number of unconfirmed sends. */
    private @Nullable Integer maxInFlight;

    /** How long send may block while that window is full. */
    private @Nullable Duration maxBlock;

    /** How long a send may take before it ends as UNKNOWN. */
    private @Nullable Duration sendTimeout;

    /** Whether failed sends are retried in order until the send time-out. */
    private @Nullable Boolean retry;

    /** Maximum size of an encoded body, such as 1MiB. */
    private @Nullable String maxBody;

    /** {@code anymq.producer.max-in-flight}. */
    public @Nullable Integer getMaxInFlight() {
        return maxInFlight;
    }

    /** Sets it. */
    public void setMaxInFlight(@Nullable Integer maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    /** {@code anymq.producer.max-block}. */
    public @Nullable Duration getMaxBlock() {
        return maxBlock;
    }

    /** Sets it. */
    public void setMaxBlock(@Nullable Duration maxBlock) {
        this.maxBlock = maxBlock;
    }

    /** {@code anymq.producer.send-timeout}. */
    public @Nullable Duration getSendTimeout() {
        return sendTimeout;
    }

    /** Sets it. */
    public void setSendTimeout(@Nullable Duration sendTimeout) {
        this.sendTimeout = sendTimeout;
    }

    /** {@code anymq.producer.retry}. */
    public @Nullable Boolean getRetry() {
        return retry;
    }

    /** Sets it. */
    public void setRetry(@Nullable Boolean retry) {
        this.retry = retry;
    }

    /** {@code anymq.producer.max-body}. */
    public @Nullable String getMaxBody() {
        return maxBody;
    }

    /** Sets it. */
    public void setMaxBody(@Nullable String maxBody) {
        this.maxBody = maxBody;
    }
}
