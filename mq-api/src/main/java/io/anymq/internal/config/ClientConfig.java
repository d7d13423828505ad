package io.anymq.internal.config;

import io.anymq.ConfigurationException;
import io.anymq.Escape;
import io.anymq.ProducerOptions;
import io.anymq.TimeSource;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.AdapterConfig;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerUrl;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.ProvisionMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The whole configuration of one client, checked. */
public record ClientConfig(
        BrokerAdapter adapter,
        ConnectionContext connection,
        ProvisionMode provisionMode,
        ProducerOptions producer,
        int concurrency,
        FlowControl flow,
        Duration drainTimeout,
        RetryPolicy retry,
        DeadLetterPolicy deadLetter) {

    /** Vendors whose keys are legal although their adapter is not on this class path: a swap changes one line only. */
    private static final Set<String> VENDORS = Set.of("inmemory", "kafka", "rabbitmq", "rocketmq", "activemq");

    /** Everything that is set from outside the code. */
    public record Sources(
            @Nullable Path file, Map<String, String> environment, Properties system, Map<String, String> code) {}

    /** Reads and checks everything, then throws one {@link ConfigurationException} if anything is wrong. */
    public static ClientConfig read(
            Sources sources, List<BrokerAdapter> adapters, String defaultName, TimeSource timeSource) {
        SortedMap<String, Setting> settings = Settings.merge(
                sources.file(), sources.environment(), sources.system(), sources.code(), environmentNames(adapters));
        List<String> problems = new ArrayList<>();
        SortedMap<String, Setting> own = ownSettings(settings, adapters, problems);
        ParsedOptions engine = new OptionParser(Settings.PREFIX, EngineOptions.ALL, problems).parse(own);

        BrokerUrl url = parseUrl(engine.text("url").orElse("inmemory:"), problems);
        BrokerAdapter adapter = url == null ? null : findAdapter(url, adapters, problems);
        ConnectionContext context = null;
        if (url != null && adapter != null) {
            context = new ConnectionContext(
                    url,
                    adapterConfig(adapter, url, settings, problems),
                    engine.text("name").orElse(defaultName),
                    engine.duration("connect-timeout"),
                    engine.duration("operation-timeout"),
                    timeSource);
        }
        double multiplier = decimal(own, "retry.multiplier", 1, 100, RetryPolicy.DEFAULT.multiplier(), problems);
        double jitter = decimal(own, "retry.jitter", 0, 1, RetryPolicy.DEFAULT.jitter(), problems);
        double perSecond = decimal(own, "consumer.max-per-second", 0, Double.MAX_VALUE, 0, problems);
        RetryPolicy retry =
                attempt("anymq.retry", problems, RetryPolicy.DEFAULT, () -> retry(engine, multiplier, jitter));
        FlowControl flow = FlowControl.builder()
                .maxInFlight((int) engine.number("consumer.max-in-flight"))
                .maxPerSecond(perSecond)
                .build();
        DeadLetterPolicy deadLetter =
                attempt("anymq.dead-letter", problems, DeadLetterPolicy.DEFAULT, () -> deadLetter(engine));
        if (problems.isEmpty() && adapter != null && context != null) {
            problems.addAll(adapter.validate(context));
        }
        if (!problems.isEmpty() || adapter == null || context == null) {
            throw new ConfigurationException(problems);
        }
        return new ClientConfig(
                adapter,
                context,
                ProvisionMode.valueOf(engine.text("provision").orElse("create").toUpperCase(Locale.ROOT)),
                ProducerOptions.builder()
                        .maxInFlight((int) engine.number("producer.max-in-flight"))
                        .maxBlock(engine.duration("producer.max-block"))
                        .sendTimeout(engine.duration("producer.send-timeout"))
                        .maxBodyBytes((int) engine.size("producer.max-body"))
                        .build(),
                (int) engine.number("consumer.concurrency"),
                flow,
                engine.duration("consumer.drain-timeout"),
                retry,
                deadLetter);
    }

    private static Map<String, String> environmentNames(List<BrokerAdapter> adapters) {
        Map<String, String> names = new HashMap<>();
        EngineOptions.ALL.forEach(option -> addEnvironmentName(names, Settings.PREFIX + option.name()));
        for (BrokerAdapter adapter : adapters) {
            String prefix = Settings.PREFIX + adapter.scheme() + ".";
            for (ConfigOption option : adapter.options()) {
                if (option.type() == ConfigOption.Type.PASS_THROUGH) {
                    option.choices().forEach(choice -> addEnvironmentName(names, prefix + option.name() + choice));
                } else {
                    addEnvironmentName(names, prefix + option.name());
                }
            }
        }
        return names;
    }

    private static void addEnvironmentName(Map<String, String> names, String key) {
        names.put(Settings.environmentName(key), key);
    }

    /** The engine's settings; those of vendors are left to their adapter or, of other vendors, ignored. */
    private static SortedMap<String, Setting> ownSettings(
            SortedMap<String, Setting> settings, List<BrokerAdapter> adapters, List<String> problems) {
        Set<String> vendors = new HashSet<>(VENDORS);
        adapters.forEach(adapter -> vendors.add(adapter.scheme()));
        SortedMap<String, Setting> own = new TreeMap<>();
        settings.forEach((key, setting) -> {
            if (!key.startsWith(Settings.PREFIX)) {
                problems.add("unknown key " + Escape.forLog(key) + " (" + setting.origin()
                        + "): every key begins with anymq.");
            } else {
                String rest = key.substring(Settings.PREFIX.length());
                int dot = rest.indexOf('.');
                if (dot < 0 || !vendors.contains(rest.substring(0, dot))) {
                    own.put(key, setting);
                }
            }
        });
        return own;
    }

    private static @Nullable BrokerUrl parseUrl(String text, List<String> problems) {
        try {
            return BrokerUrl.parse(text);
        } catch (IllegalArgumentException e) {
            problems.add("anymq.url: " + e.getMessage());
            return null;
        }
    }

    private static @Nullable BrokerAdapter findAdapter(
            BrokerUrl url, List<BrokerAdapter> adapters, List<String> problems) {
        List<String> schemes = new ArrayList<>();
        for (BrokerAdapter adapter : adapters) {
            if (adapter.scheme().equals(url.scheme())) {
                return adapter;
            }
            schemes.add(adapter.scheme());
        }
        String cure = VENDORS.contains(url.scheme())
                ? "put io.anymq:adapter-" + url.scheme() + " on the class path"
                : "schemes on the class path: " + (schemes.isEmpty() ? "none" : String.join(", ", schemes));
        problems.add("anymq.url: no adapter for '" + Escape.forLog(url.scheme()) + ":'; " + cure);
        return null;
    }

    private static AdapterConfig adapterConfig(
            BrokerAdapter adapter, BrokerUrl url, SortedMap<String, Setting> settings, List<String> problems) {
        String prefix = Settings.PREFIX + adapter.scheme() + ".";
        SortedMap<String, Setting> mine = new TreeMap<>();
        settings.forEach((key, setting) -> {
            if (key.startsWith(prefix)) {
                mine.put(key, setting);
            }
        });
        url.parameters().forEach((name, value) -> mine.put(prefix + name, new Setting(value, "anymq.url")));
        return new OptionParser(prefix, adapter.options(), problems).parse(mine);
    }

    private static RetryPolicy retry(ParsedOptions engine, double multiplier, double jitter) {
        return RetryPolicy.builder()
                .maxAttempts((int) engine.number("retry.max-attempts"))
                .initialDelay(engine.duration("retry.initial-delay"))
                .multiplier(multiplier)
                .maxDelay(engine.duration("retry.max-delay"))
                .jitter(jitter)
                .maxElapsed(engine.duration("retry.max-elapsed"))
                .inPlaceLimit(engine.duration("retry.in-place-limit"))
                .build();
    }

    private static DeadLetterPolicy deadLetter(ParsedOptions engine) {
        String then = engine.text("dead-letter.then").orElse("continue");
        return DeadLetterPolicy.builder()
                .then(DeadLetterPolicy.Then.valueOf(
                        then.toUpperCase(Locale.ROOT).replace('-', '_')))
                .discard(engine.flag("dead-letter.discard"))
                .exceptionDetails(engine.flag("dead-letter.exception-details"))
                .build();
    }

    private static double decimal(
            SortedMap<String, Setting> own,
            String name,
            double minimum,
            double maximum,
            double fallback,
            List<String> problems) {
        String key = Settings.PREFIX + name;
        Setting setting = own.get(key);
        if (setting == null) {
            return fallback;
        }
        String wrong;
        try {
            double value = Double.parseDouble(setting.value());
            if (value >= minimum && value <= maximum) {
                return value;
            }
            wrong = "is outside its bounds: " + minimum + " to " + (maximum == Double.MAX_VALUE ? "any" : maximum);
        } catch (NumberFormatException e) {
            wrong = "is not a number";
        }
        problems.add(key + " = " + Escape.forLog(setting.value()) + " (" + setting.origin() + ") " + wrong);
        return fallback;
    }

    private static <V> V attempt(String what, List<String> problems, V fallback, Supplier<V> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            problems.add(what + ": " + e.getMessage());
            return fallback;
        }
    }
}
