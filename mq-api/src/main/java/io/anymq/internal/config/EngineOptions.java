package io.anymq.internal.config;

import io.anymq.spi.ConfigOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The engine's own keys, relative to {@code anymq.}. */
final class EngineOptions {
    private static final long DAY = 86_400_000L;

    private EngineOptions() {}

    static final List<ConfigOption> ALL = List.of(
            ConfigOption.text("url", "inmemory:", "the broker"),
            ConfigOption.text("name", null, "the client's name at the broker; default: anymq-<random>"),
            ConfigOption.choice(
                    "provision",
                    "create",
                    List.of("create", "validate", "none"),
                    "whether missing queues, topics and subscriptions are created, only checked, or neither"),
            ConfigOption.duration("connect-timeout", "10s", 100, 10 * 60_000, "time limit for connecting"),
            ConfigOption.duration("operation-timeout", "10s", 100, 10 * 60_000, "time limit for administrative calls"),
            ConfigOption.number("producer.max-in-flight", 1_000, 1, 1_000_000, "maximum number of unconfirmed sends"),
            ConfigOption.duration(
                    "producer.max-block", "10s", 0, DAY, "how long send() may block while the window is full"),
            ConfigOption.duration(
                    "producer.send-timeout", "30s", 100, DAY, "how long a send may take before it ends as UNKNOWN"),
            ConfigOption.flag("producer.retry", false, "retry failed sends in order until the send time-out"),
            ConfigOption.size("producer.max-body", "1MiB", 0, Integer.MAX_VALUE - 8, "maximum size of an encoded body"),
            ConfigOption.number("consumer.concurrency", 8, 1, 10_000, "maximum number of concurrent handlers"),
            ConfigOption.number(
                    "consumer.max-in-flight",
                    1_000,
                    1,
                    1_000_000,
                    "maximum number of received messages that are not yet settled"),
            ConfigOption.size(
                    "consumer.max-in-flight-bytes",
                    "64MiB",
                    1,
                    Long.MAX_VALUE,
                    "maximum size of received messages that are not yet settled; one is always taken"),
            ConfigOption.number(
                    "consumer.max-blocked",
                    25_000,
                    0,
                    10_000_000,
                    "maximum number of messages that wait behind a retry of their key"),
            ConfigOption.size(
                    "consumer.max-blocked-bytes",
                    "64MiB",
                    0,
                    Long.MAX_VALUE,
                    "maximum size of messages that wait behind a retry of their key"),
            ConfigOption.text(
                    "consumer.max-per-second", "0", "maximum number of messages handled per second; 0 for no limit"),
            ConfigOption.duration(
                    "consumer.drain-timeout", "30s", 0, DAY, "how long close() waits for running handlers"),
            ConfigOption.flag(
                    "consumer.keep-alive", true, "whether the JVM stays alive until a started consumer is closed"),
            ConfigOption.number(
                    "consumer.max-open-outputs",
                    100,
                    1,
                    1_000_000,
                    "maximum number of destinations of outputs that stay open without being used"),
            ConfigOption.number(
                    "retry.max-attempts", 5, 1, 1_000_000, "maximum number of attempts, including the first"),
            ConfigOption.duration("retry.initial-delay", "200ms", 0, DAY, "delay before the second attempt"),
            ConfigOption.text(
                    "retry.multiplier", "2", "factor by which the delay grows from one attempt to the next, 1 to 100"),
            ConfigOption.duration("retry.max-delay", "30s", 0, 7 * DAY, "maximum delay between attempts"),
            ConfigOption.text("retry.jitter", "0.2", "random extension of each delay as a fraction of it, 0 to 1"),
            ConfigOption.duration(
                    "retry.max-elapsed",
                    "0s",
                    0,
                    365 * DAY,
                    "time after the first attempt when retrying ends; 0s for no limit"),
            ConfigOption.duration(
                    "retry.in-place-limit",
                    "5s",
                    0,
                    7 * DAY,
                    "unordered messages only: longer delays are spent at the broker instead of in memory"),
            ConfigOption.choice(
                    "dead-letter.then",
                    "continue",
                    List.of("continue", "park-key", "stop"),
                    "what the consumer does after giving up on a message"),
            ConfigOption.flag("dead-letter.discard", false, "discard messages instead of dead-lettering them"),
            ConfigOption.flag(
                    "dead-letter.exception-details",
                    false,
                    "whether dead letters carry the exception's text in a header"));

    /** The engine's own prefixes after {@code anymq.}, which no adapter and no module may use. */
    static Set<String> words() {
        return ALL.stream().map(option -> option.name().split("\\.", 2)[0]).collect(Collectors.toUnmodifiableSet());
    }
}
