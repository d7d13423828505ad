package io.anymq.internal.config;

import io.anymq.ConfigurationException;
import io.anymq.Escape;
import io.anymq.ProducerOptions;
import io.anymq.TimeSource;
import io.anymq.internal.support.Addresses;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerUrl;
import io.anymq.spi.ConfigModule;
import io.anymq.spi.ConfigValues;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.ProvisionMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The whole configuration of one client, checked. */
public record ClientConfig(
        BrokerAdapter adapter,
        ConnectionContext connection,
        String target,
        Addresses addresses,
        ProvisionMode provisionMode,
        ProducerOptions producer,
        int concurrency,
        FlowControl flow,
        Duration drainTimeout,
        boolean keepAlive,
        int maxOpenOutputs,
        RetryPolicy retry,
        DeadLetterPolicy deadLetter,
        Map<String, ConfigValues> modules) {

    private static final String URL = Settings.PREFIX + "url";
    private static final String DEFAULT_ORIGIN = "default";

    /** Everything that is set from outside the code. */
    public record Sources(
            @Nullable Path file, Map<String, String> environment, Properties system, Map<String, Setting> code) {}

    /** Reads and checks everything, then throws one {@link ConfigurationException} if anything is wrong. */
    public static ClientConfig read(Sources sources, Sections sections, String defaultName, TimeSource timeSource) {
        List<String> problems = new ArrayList<>(sections.problems());
        SortedMap<String, Setting> settings = Settings.merge(sources, sections, problems);
        SortedMap<String, Setting> own = ownSettings(settings, sections, problems);
        ParsedOptions engine =
                new OptionParser(Settings.PREFIX, EngineOptions.ALL, sections.keys(), problems).parse(own);
        Map<String, ConfigValues> modules = modules(settings, sections, problems);

        PhysicalNames names = PhysicalNames.read(settings, problems);
        Setting urlSetting =
                settings.getOrDefault(URL, new Setting(engine.text("url").orElseThrow(), DEFAULT_ORIGIN));
        BrokerUrl url = parseUrl(urlSetting, problems);
        Section section = url == null ? null : findAdapter(url, urlSetting, sections, problems);
        BrokerAdapter adapter = section == null ? null : section.adapter();
        ConnectionContext context = null;
        if (url != null && section != null) {
            context = new ConnectionContext(
                    url,
                    adapterConfig(section, url, settings, problems),
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
                .maxInFlightBytes(engine.size("consumer.max-in-flight-bytes"))
                .maxBlocked((int) engine.number("consumer.max-blocked"))
                .maxBlockedBytes(engine.size("consumer.max-blocked-bytes"))
                .maxPerSecond(perSecond)
                .build();
        DeadLetterPolicy deadLetter =
                attempt("anymq.dead-letter", problems, DeadLetterPolicy.DEFAULT, () -> deadLetter(engine));
        if (problems.isEmpty() && section != null && adapter != null && context != null) {
            ConnectionContext checked = context;
            problems.addAll(Section.mistakes(section.owner(), () -> adapter.validate(checked)));
            problems.addAll(Section.mistakes(section.owner(), () -> names.refused(adapter, checked)));
        }
        if (!problems.isEmpty() || adapter == null || context == null) {
            throw new ConfigurationException(problems);
        }
        return new ClientConfig(
                adapter,
                context,
                target(context.url(), urlSetting, sources.file()),
                names.addresses(),
                ProvisionMode.valueOf(engine.text("provision").orElse("create").toUpperCase(Locale.ROOT)),
                ProducerOptions.builder()
                        .maxInFlight((int) engine.number("producer.max-in-flight"))
                        .maxBlock(engine.duration("producer.max-block"))
                        .sendTimeout(engine.duration("producer.send-timeout"))
                        .maxBodyBytes((int) engine.size("producer.max-body"))
                        .retry(engine.flag("producer.retry"))
                        .build(),
                (int) engine.number("consumer.concurrency"),
                flow,
                engine.duration("consumer.drain-timeout"),
                engine.flag("consumer.keep-alive"),
                (int) engine.number("consumer.max-open-outputs"),
                retry,
                deadLetter,
                modules);
    }

    /** What a client does, for its log: where it connects and which source said so. */
    private static String target(BrokerUrl url, Setting setting, @Nullable Path namedFile) {
        if (!setting.origin().equals(DEFAULT_ORIGIN)) {
            return "connects to " + url + " (anymq.url from " + setting.origin() + ")";
        }
        String file = Settings.fileName(namedFile);
        return "uses an in-memory broker of its own, whose messages end with it, because anymq.url is not set: "
                + (file == null
                        ? "there is no anymq.properties in " + Path.of("").toAbsolutePath()
                                + " or on the class path, and no ANYMQ_URL in the environment"
                        : "neither in " + file + " nor as ANYMQ_URL in the environment");
    }

    /** The modules' values alone; throws all that is wrong with their keys, the engine's, and unknown ones. */
    public static Map<String, ConfigValues> modules(Sources sources, Sections sections) {
        List<String> problems = new ArrayList<>(sections.problems());
        SortedMap<String, Setting> settings = Settings.merge(sources, sections, problems);
        new OptionParser(Settings.PREFIX, EngineOptions.ALL, sections.keys(), problems)
                .parse(ownSettings(settings, sections, problems));
        Map<String, ConfigValues> modules = modules(settings, sections, problems);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return modules;
    }

    /** One of the modules' values. */
    public static ConfigValues module(String prefix, Map<String, ConfigValues> modules) {
        ConfigValues values = modules.get(Objects.requireNonNull(prefix, "prefix"));
        if (values == null) {
            throw new IllegalArgumentException("no ConfigModule with the prefix '" + Escape.forLog(prefix)
                    + "' is on the class path; register its class in META-INF/services/"
                    + ConfigModule.class.getName());
        }
        return values;
    }

    private static Map<String, ConfigValues> modules(
            SortedMap<String, Setting> settings, Sections sections, List<String> problems) {
        Map<String, ConfigValues> values = new HashMap<>();
        for (Section section : sections.all()) {
            if (section.module() != null) {
                List<String> mistakes = new ArrayList<>();
                ParsedOptions parsed = parse(section, under(section, settings), mistakes);
                if (mistakes.isEmpty()) {
                    section.validate(parsed, mistakes);
                }
                problems.addAll(mistakes);
                values.put(section.prefix(), parsed);
            }
        }
        return Map.copyOf(values);
    }

    private static SortedMap<String, Setting> under(Section section, SortedMap<String, Setting> settings) {
        String prefix = Settings.PREFIX + section.prefix() + ".";
        // what follows the dot in the order of characters: all keys that begin with the prefix, and no other
        return new TreeMap<>(settings.subMap(prefix, Settings.PREFIX + section.prefix() + "/"));
    }

    private static ParsedOptions parse(Section section, SortedMap<String, Setting> settings, List<String> problems) {
        String prefix = Settings.PREFIX + section.prefix() + ".";
        return new OptionParser(prefix, section.options(), problems).parse(settings);
    }

    /** The engine's settings; those of adapters and modules are left to them or, of absent ones, ignored. */
    private static SortedMap<String, Setting> ownSettings(
            SortedMap<String, Setting> settings, Sections sections, List<String> problems) {
        SortedMap<String, Setting> own = new TreeMap<>();
        settings.forEach((key, setting) -> {
            if (!key.startsWith(Settings.PREFIX)) {
                problems.add("unknown key " + (setting.isFromCode() ? Escape.forLog(key) + " " : "") + "("
                        + setting.origin() + "): every key must begin with anymq.");
            } else if (!sections.isForSection(key) && !PhysicalNames.isOwn(key)) {
                own.put(key, setting);
            }
        });
        return own;
    }

    private static @Nullable BrokerUrl parseUrl(Setting setting, List<String> problems) {
        String where = URL + " (" + setting.origin() + ")";
        if (setting.value().isBlank()) {
            problems.add(where + " is empty; set it to a URL such as kafka://localhost:9092, or remove it to use the"
                    + " in-memory broker");
            return null;
        }
        try {
            return BrokerUrl.parse(setting.value());
        } catch (IllegalArgumentException e) {
            problems.add(where + ": " + e.getMessage());
            return null;
        }
    }

    private static @Nullable Section findAdapter(
            BrokerUrl url, Setting setting, Sections sections, List<String> problems) {
        Section section = sections.find(url.scheme());
        if (section != null && section.adapter() != null) {
            return section;
        }
        List<String> schemes = sections.schemes();
        String cure = sections.known()
                .artifact(url.scheme())
                .map(artifact -> "put " + artifact + " on the class path")
                .orElse("schemes on the class path: " + (schemes.isEmpty() ? "none" : String.join(", ", schemes)));
        problems.add(
                URL + " (" + setting.origin() + "): no adapter for '" + Escape.forLog(url.scheme()) + ":'; " + cure);
        return null;
    }

    private static ConfigValues adapterConfig(
            Section section, BrokerUrl url, SortedMap<String, Setting> settings, List<String> problems) {
        SortedMap<String, Setting> mine = under(section, settings);
        String prefix = Settings.PREFIX + section.prefix() + ".";
        url.parameters().forEach((name, value) -> mine.put(prefix + name, new Setting(value, Setting.URL)));
        return parse(section, mine, problems);
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
            wrong = OptionReader.mustBe(
                    Double.toString(minimum), maximum == Double.MAX_VALUE ? null : Double.toString(maximum));
        } catch (NumberFormatException e) {
            wrong = "must be a number";
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
