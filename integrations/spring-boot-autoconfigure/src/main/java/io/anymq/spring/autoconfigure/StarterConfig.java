package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.spi.ConfigModule;
import io.anymq.spi.ConfigOption;
import java.util.List;

/**
 * The starter's own keys, declared to the engine, so that a mistake in one of them is reported together with all others.
 * Found by {@link java.util.ServiceLoader}.
 */
@API(API.Status.EVOLVING)
public final class StarterConfig {
    private StarterConfig() {}

    /** {@code anymq.listener.*}. */
    public static final class Listener implements ConfigModule {
        @Override
        public String prefix() {
            return "listener";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of(ConfigOption.flag("auto-startup", true, "whether listeners start with the application"));
        }
    }

    /** {@code anymq.inbox.*}. */
    public static final class Inbox implements ConfigModule {
        @Override
        public String prefix() {
            return "inbox";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of(ConfigOption.flag("enabled", false, "whether listeners run in transactions of an inbox"));
        }
    }

    /** {@code anymq.outbox.*}. */
    public static final class Outbox implements ConfigModule {
        @Override
        public String prefix() {
            return "outbox";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of(
                    ConfigOption.flag("enabled", false, "whether there is an outbox"),
                    ConfigOption.flag("relay", true, "whether this application sends what is in the outbox"));
        }
    }

    /** {@code anymq.ssl.*}. */
    public static final class Ssl implements ConfigModule {
        @Override
        public String prefix() {
            return "ssl";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of(ConfigOption.text("bundle", null, "the name of the SSL bundle to connect with"));
        }
    }

    /** {@code anymq.json.*}. */
    public static final class Json implements ConfigModule {
        @Override
        public String prefix() {
            return "json";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of(ConfigOption.choice(
                    "mapper", "application", List.of("application", "strict"), "whose mapper reads and writes JSON"));
        }
    }
}
