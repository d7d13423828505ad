package io.anymq.spring.autoconfigure;

import io.anymq.API;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How messages are consumed: {@code anymq.consumer.*}. Null is AnyMQ's own default. */
@API(API.Status.EVOLVING)
public class ConsumerProperties {
    /** Maximum number of concurrent handlers, per consumer. */
    private @Nullable Integer concurrency;

    /** Maximum number of received messages that are not yet settled, per consumer. */
    private @Nullable Integer maxInFlight;

    /** Their maximum size, such as 64MiB. */
    private @Nullable String maxInFlightBytes;

    /** Maximum number of messages that wait behind a retry of their key, per consumer. */
    private @Nullable Integer maxBlocked;

    /** Their maximum size, such as 64MiB. */
    private @Nullable String maxBlockedBytes;

    /** Maximum number of messages handled per second; 0 for no limit. */
    private @Nullable Double maxPerSecond;

    /** How long closing waits for running handlers. */
    private @Nullable Duration drainTimeout;

    /** Whether the JVM stays alive until a started consumer is closed. */
    private @Nullable Boolean keepAlive;

    /** Maximum number of destinations of delivery.publish that stay open without being used. */
    private @Nullable Integer maxOpenOutputs;

    /** {@code anymq.consumer.concurrency}. */
    public @Nullable Integer getConcurrency() {
        return concurrency;
    }

    /** Sets it. */
    public void setConcurrency(@Nullable Integer concurrency) {
        this.concurrency = concurrency;
    }

    /** {@code anymq.consumer.max-in-flight}. */
    public @Nullable Integer getMaxInFlight() {
        return maxInFlight;
    }

    /** Sets it. */
    public void setMaxInFlight(@Nullable Integer maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    /** {@code anymq.consumer.max-in-flight-bytes}. */
    public @Nullable String getMaxInFlightBytes() {
        return maxInFlightBytes;
    }

    /** Sets it. */
    public void setMaxInFlightBytes(@Nullable String maxInFlightBytes) {
        this.maxInFlightBytes = maxInFlightBytes;
    }

    /** {@code anymq.consumer.max-blocked}. */
    public @Nullable Integer getMaxBlocked() {
        return maxBlocked;
    }

    /** Sets it. */
    public void setMaxBlocked(@Nullable Integer maxBlocked) {
        this.maxBlocked = maxBlocked;
    }

    /** {@code anymq.consumer.max-blocked-bytes}. */
    public @Nullable String getMaxBlockedBytes() {
        return maxBlockedBytes;
    }

    /** Sets it. */
    public void setMaxBlockedBytes(@Nullable String maxBlockedBytes) {
        this.maxBlockedBytes = maxBlockedBytes;
    }

    /** {@code anymq.consumer.max-per-second}. */
    public @Nullable Double getMaxPerSecond() {
        return maxPerSecond;
    }

    /** Sets it. */
    public void setMaxPerSecond(@Nullable Double maxPerSecond) {
        this.maxPerSecond = maxPerSecond;
    }

    /** {@code anymq.consumer.drain-timeout}. */
    public @Nullable Duration getDrainTimeout() {
        return drainTimeout;
    }

    /** Sets it. */
    public void setDrainTimeout(@Nullable Duration drainTimeout) {
        this.drainTimeout = drainTimeout;
    }

    /** {@code anymq.consumer.keep-alive}. */
    public @Nullable Boolean getKeepAlive() {
        return keepAlive;
    }

    /** Sets it. */
    public void setKeepAlive(@Nullable Boolean keepAlive) {
        this.keepAlive = keepAlive;
    }

    /** {@code anymq.consumer.max-open-outputs}. */
    public @Nullable Integer getMaxOpenOutputs() {
        return maxOpenOutputs;
    }

    /** Sets it. */
    public void setMaxOpenOutputs(@Nullable Integer maxOpenOutputs) {
        this.maxOpenOutputs = maxOpenOutputs;
    }
}
