package io.anymq.spring.autoconfigure;

import io.anymq.Codec;
import io.anymq.Interceptor;
import io.anymq.MessagingClient;
import io.anymq.MessagingObserver;
import io.anymq.TimeSource;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerUrl;
import io.anymq.spring.AnyMqClientCustomizer;
import io.anymq.spring.client.ManagedClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.ConfigurableEnvironment;

/** Puts the client together from the environment and from beans. Deletes the files of TLS after the client closed. */
final class AnyMqClientFactory implements DisposableBean {
    private static final String URL = "anymq.url";

    private final Map<String, EnvironmentSettings.Setting> settings;
    private final AnyMqConnectionDetails details;
    private final List<Consumer<MessagingClient.Builder>> parts = new ArrayList<>();
    private @Nullable SslStoreFiles sslFiles;

    AnyMqClientFactory(ConfigurableEnvironment environment, AnyMqConnectionDetails details) {
        this.settings = EnvironmentSettings.read(environment);
        this.details = details;
    }

    void codecs(ObjectProvider<Codec> codecs, ObjectProvider<JsonCodecHolder> json) {
        List<Codec> own = codecs.orderedStream().toList();
        own.forEach(codec -> parts.add(builder -> builder.codec(codec)));
        JsonCodecHolder holder = json.getIfAvailable();
        if (holder != null
                && own.stream()
                        .noneMatch(codec ->
                                codec.contentType().equals(holder.codec().contentType()))) {
            parts.add(builder -> builder.codec(holder.codec()));
        }
    }

    void around(ObjectProvider<Interceptor> interceptors, ObjectProvider<MessagingObserver> observers) {
        interceptors.orderedStream().forEach(each -> parts.add(builder -> builder.interceptor(each)));
        observers.orderedStream().forEach(each -> parts.add(builder -> builder.observer(each)));
    }

    void environment(
            ObjectProvider<BrokerAdapter> adapters, ObjectProvider<TimeSource> time, @Nullable Executor handlers) {
        adapters.orderedStream().forEach(each -> parts.add(builder -> builder.adapter(each)));
        time.ifUnique(each -> parts.add(builder -> builder.timeSource(each)));
        if (handlers != null) {
            parts.add(builder -> builder.handlerExecutor(handlers));
        }
    }

    void customizers(ObjectProvider<AnyMqClientCustomizer> customizers) {
        customizers.orderedStream().forEach(each -> parts.add(each::customize));
    }

    MessagingClient open() {
        SslBundle bundle = details.getSslBundle();
        String scheme = bundle == null ? null : scheme();
        if (bundle != null && scheme != null && !scheme.equals("inmemory")) {
            sslFiles = SslStoreFiles.write(bundle, scheme);
        }
        return ManagedClient.open(this::builder);
    }

    /** Null where the URL cannot be read, which the engine will say. */
    private @Nullable String scheme() {
        try {
            return BrokerUrl.parse(details.getUrl()).scheme();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private MessagingClient.Builder builder() {
        MessagingClient.Builder builder = MessagingClient.builder();
        settings.forEach((key, setting) -> builder.set(key, setting.value(), setting.origin()));
        if (sslFiles != null) {
            sslFiles.settings().forEach((key, value) -> builder.set(key, value, "SSL bundle"));
        }
        if (!(details instanceof PropertiesAnyMqConnectionDetails)) {
            String origin = "connection details " + details.getClass().getName();
            builder.set(URL, details.getUrl(), origin);
            details.getSettings().forEach((key, value) -> builder.set(key, value, origin));
        }
        parts.forEach(part -> part.accept(builder));
        return builder;
    }

    @Override
    public void destroy() {
        if (sslFiles != null) {
            sslFiles.close();
        }
    }
}
