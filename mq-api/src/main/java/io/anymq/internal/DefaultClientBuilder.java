package io.anymq.internal;

import io.anymq.Codec;
import io.anymq.ConfigurationException;
import io.anymq.Destination;
import io.anymq.Escape;
import io.anymq.Interceptor;
import io.anymq.Limits;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent.ClientOpened;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.Subscription;
import io.anymq.TimeSource;
import io.anymq.internal.config.ClientConfig;
import io.anymq.internal.config.Sections;
import io.anymq.internal.config.Setting;
import io.anymq.internal.support.Callbacks;
import io.anymq.internal.support.Codecs;
import io.anymq.internal.support.ConfirmWatch;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.GuardedTimeSource;
import io.anymq.internal.support.IdGenerator;
import io.anymq.internal.support.LockedRandom;
import io.anymq.internal.support.Observers;
import io.anymq.internal.support.ReconnectSignal;
import io.anymq.internal.support.SystemTimeSource;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConfigValues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration, finds the adapter, connects. */
public final class DefaultClientBuilder implements MessagingClient.Builder {
    private static final Logger log = LoggerFactory.getLogger(DefaultClientBuilder.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<Codec> codecs = new ArrayList<>();
    private final List<Interceptor> interceptors = new ArrayList<>();
    private final List<MessagingObserver> observers = new ArrayList<>();
    private final List<BrokerAdapter> adapters = new ArrayList<>();
    private @Nullable Path configFile;
    private @Nullable TimeSource timeSource;
    private RandomGenerator random = new SplittableRandom(new java.security.SecureRandom().nextLong());
    private @Nullable Executor handlerExecutor;

    @Override
    public MessagingClient.Builder url(String url) {
        return set("anymq.url", url);
    }

    @Override
    public MessagingClient.Builder configFile(Path file) {
        this.configFile = Objects.requireNonNull(file, "file");
        return this;
    }

    @Override
    public MessagingClient.Builder set(String key, String value) {
        return set(key, value, Setting.CODE);
    }

    @Override
    public MessagingClient.Builder set(String key, String value, String origin) {
        settings.put(
                Objects.requireNonNull(key, "key"),
                new Setting(Objects.requireNonNull(value, "value"), Objects.requireNonNull(origin, "origin")));
        return this;
    }

    @Override
    public MessagingClient.Builder physicalName(Destination destination, String name) {
        String kind = destination instanceof Queue ? "queue." : "topic.";
        return set("anymq.names." + kind + destination.name(), name);
    }

    @Override
    public MessagingClient.Builder physicalName(Subscription subscription, String name) {
        return set("anymq.names.subscription." + subscription.path(), name);
    }

    @Override
    public MessagingClient.Builder codec(Codec codec) {
        requireNew(codecs, Objects.requireNonNull(codec, "codec"), "codec");
        String contentType = contentType(codec);
        if (contentType == null || !Limits.isContentType(contentType)) {
            throw new ConfigurationException(List.of("codec " + codec.getClass().getName()
                    + " must have a content type of 1 to " + Limits.MAX_CONTENT_TYPE_LENGTH
                    + " characters of printable ASCII"));
        }
        Codecs.requireUnique(codecs, codec, "add only one of them");
        codecs.add(codec);
        return this;
    }

    private static @Nullable String contentType(Codec codec) {
        try {
            return codec.contentType();
        } catch (Throwable e) {
            throw new ConfigurationException(List.of("codec " + codec.getClass().getName()
                    + " must have a content type, but its contentType() threw " + Failures.text(e)));
        }
    }

    private static <T> void requireNew(List<T> known, T added, String what) {
        for (T other : known) {
            if (other == added) {
                throw new ConfigurationException(List.of("the same " + what + " was added twice ("
                        + added.getClass().getName() + "); add it once, or add another instance"));
            }
        }
    }

    @Override
    public MessagingClient.Builder interceptor(Interceptor interceptor) {
        requireNew(interceptors, Objects.requireNonNull(interceptor, "interceptor"), "interceptor");
        interceptors.add(interceptor);
        return this;
    }

    @Override
    public MessagingClient.Builder observer(MessagingObserver observer) {
        requireNew(observers, Objects.requireNonNull(observer, "observer"), "observer");
        observers.add(observer);
        return this;
    }

    @Override
    public MessagingClient.Builder adapter(BrokerAdapter adapter) {
        adapters.add(Objects.requireNonNull(adapter, "adapter"));
        return this;
    }

    @Override
    public MessagingClient.Builder timeSource(TimeSource timeSource) {
        this.timeSource = Objects.requireNonNull(timeSource, "timeSource");
        return this;
    }

    @Override
    public MessagingClient.Builder random(RandomGenerator random) {
        this.random = Objects.requireNonNull(random, "random");
        return this;
    }

    @Override
    public MessagingClient.Builder handlerExecutor(Executor executor) {
        this.handlerExecutor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    @Override
    public ConfigValues config(String prefix) {
        return ClientConfig.module(prefix, ClientConfig.modules(sources(), Sections.load(adapters)));
    }

    private ClientConfig.Sources sources() {
        return new ClientConfig.Sources(configFile, System.getenv(), System.getProperties(), settings);
    }

    @Override
    public MessagingClient open() {
        RandomGenerator locked = new LockedRandom(random);
        String defaultName = "anymq-" + new IdGenerator(locked).next().substring(0, 8);
        SystemTimeSource system = timeSource == null ? new SystemTimeSource(defaultName) : null;
        GuardedTimeSource guarded = timeSource == null ? null : new GuardedTimeSource(timeSource, defaultName);
        TimeSource time = system == null ? Objects.requireNonNull(guarded) : system;
        Runnable closeTime = system == null ? Objects.requireNonNull(guarded)::close : system::close;
        BrokerConnection connection = null;
        try {
            Codecs allCodecs = new Codecs(codecs);
            ClientConfig config = ClientConfig.read(sources(), Sections.load(adapters), defaultName, time);
            log.info("Client {} {}", Escape.forLog(config.connection().clientName()), config.target());
            connection = config.adapter().connect(config.connection());
            EngineContext engine = new EngineContext(
                    config.connection().clientName(),
                    connection,
                    connection.capabilities(),
                    config.addresses(),
                    config.provisionMode(),
                    time,
                    locked,
                    allCodecs,
                    List.copyOf(interceptors),
                    new Observers(observers),
                    new ReconnectSignal(),
                    new ConfirmWatch(),
                    new Callbacks(
                            config.connection().clientName(),
                            time,
                            system == null ? Objects.requireNonNull(guarded)::isTimerThread : system::isTimerThread));
            engine.observers()
                    .tell(
                            MessagingObserver::clientOpened,
                            new ClientOpened(
                                    engine.clientName(),
                                    config.connection().url().scheme()));
            return new DefaultClient(engine, config, handlerExecutor, closeTime);
        } catch (Throwable e) {
            try {
                if (connection != null) {
                    connection.close(CLOSE_TIMEOUT);
                }
            } catch (Throwable again) {
                e.addSuppressed(again);
            }
            closeTime.run();
            throw e;
        }
    }
}
