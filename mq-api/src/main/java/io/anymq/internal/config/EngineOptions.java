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
                    "what may be done about queues, topics and subscriptions"),
            ConfigOption.duration("connect-timeout", "10s", 100, 10 * 60_000, "bound on connecting"),
            ConfigOption.duration("operation-timeout", "10s", 100, 10 * 60_000, "bound on administrative calls"),
            ConfigOption.number("producer.max-in-flight", 1_000, 1, 1_000_000, "sends that may wait for their confirm"),
            ConfigOption.duration(
                    "producer.max-block", "10s", 0, DAY, "how long send may block while the window is full"),
            ConfigOption.duration("producer.send-timeout", "30s", 100, DAY, "after this a send ends as UNKNOWN"),
            ConfigOption.flag("producer.retry", false, "repeat failed sends in order, within the send time-out"),
            ConfigOption.size("producer.max-body", "1MiB", 0, Integer.MAX_VALUE - 8, "largest encoded body"),
            ConfigOption.number("consumer.concurrency", 8, 1, 10_000, "handlers that may run at the same time"),
            ConfigOption.number("consumer.max-in-flight", 1_000, 1, 1_000_000, "messages taken and not settled"),
            ConfigOption.text("consumer.max-per-second", "0", "handler starts per second; 0 for no limit"),
            ConfigOption.duration("consumer.drain-timeout", "30s", 0, DAY, "how long close waits for handlers"),
            ConfigOption.number("retry.max-attempts", 5, 1, 1_000_000, "attempts in all"),
            ConfigOption.duration("retry.initial-delay", "200ms", 0, DAY, "the wait before the second attempt"),
            ConfigOption.text("retry.multiplier", "2", "what each further wait is multiplied by, 1 to 100"),
            ConfigOption.duration("retry.max-delay", "30s", 0, 7 * DAY, "the longest wait"),
            ConfigOption.text("retry.jitter", "0.2", "the share by which a wait may be longer, 0 to 1"),
            ConfigOption.duration("retry.max-elapsed", "0s", 0, 365 * DAY, "no attempt starts later; 0s for no bound"),
            ConfigOption.duration(
                    "retry.in-place-limit", "5s", 0, 7 * DAY, "unordered: longer waits are spent at the broker"),
            ConfigOption.choice(
                    "dead-letter.then",
                    "continue",
                    List.of("continue", "park-key", "stop"),
                    "what happens after a message was given up"),
            ConfigOption.flag("dead-letter.discard", false, "drop in place of keeping"),
            ConfigOption.flag("dead-letter.exception-details", false, "put exception texts into the headers"));

    /** What comes first after {@code anymq.}: no adapter and no module may have such a prefix. */
    static Set<String> words() {
        return ALL.stream().map(option -> option.name().split("\\.", 2)[0]).collect(Collectors.toUnmodifiableSet());
    }
}
