package io.anymq.inmemory;

import io.anymq.Escape;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.BrokerUrl;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import java.util.ArrayList;
import java.util.List;

/** The options under {@code anymq.inmemory.}, and what makes them wrong. Stateless. */
final class InMemoryConfig {
    static final String QUEUE_MESSAGES = "queue-messages";
    static final String QUEUE_BYTES = "queue-bytes";
    static final String LANES = "lanes";
    static final String MAX_BODY = "max-body";

    private static final String FIRST_DECIDES = "; set by the first client of a named broker";

    static final List<ConfigOption> OPTIONS = List.of(
            ConfigOption.number(
                    QUEUE_MESSAGES,
                    100_000,
                    1,
                    10_000_000,
                    "number of messages a queue or subscription holds before senders must wait" + FIRST_DECIDES),
            ConfigOption.size(
                    QUEUE_BYTES,
                    "256MiB",
                    1024,
                    1L << 40,
                    "number of bytes a queue or subscription holds before senders must wait" + FIRST_DECIDES),
            ConfigOption.number(
                    LANES,
                    16,
                    1,
                    1024,
                    "number of lanes of a queue with per-key order, and so the maximum number of working consumers"
                            + FIRST_DECIDES),
            ConfigOption.size(MAX_BODY, "16MiB", 1, 1L << 30, "maximum size of a body" + FIRST_DECIDES));

    private InMemoryConfig() {}

    static InMemoryBroker.Limits limits(ConfigValues config) {
        return new InMemoryBroker.Limits(
                (int) config.number(QUEUE_MESSAGES), config.size(QUEUE_BYTES), (int) config.number(LANES), (int)
                        config.size(MAX_BODY));
    }

    static List<String> problems(BrokerUrl url, ConfigValues config) {
        List<String> problems = new ArrayList<>();
        if (!url.authority().isEmpty() || url.user() != null || url.password() != null) {
            problems.add("anymq.url: the URL of the in-memory broker must not contain a host or a user;"
                    + " write inmemory: for a private broker or inmemory:name for a shared one");
        }
        if (!url.path().isEmpty() && !io.anymq.Limits.isName(url.path())) {
            problems.add("anymq.url: '" + Escape.forLog(url.path()) + "' cannot name an in-memory broker; use 1 to "
                    + io.anymq.Limits.MAX_NAME_LENGTH + " characters of A-Z a-z 0-9 _ -");
        }
        if (config.size(MAX_BODY) > config.size(QUEUE_BYTES)) {
            problems.add("anymq.inmemory.max-body: " + config.size(MAX_BODY)
                    + " bytes must not exceed anymq.inmemory.queue-bytes=" + config.size(QUEUE_BYTES)
                    + "; lower max-body or raise queue-bytes");
        }
        return problems;
    }
}
