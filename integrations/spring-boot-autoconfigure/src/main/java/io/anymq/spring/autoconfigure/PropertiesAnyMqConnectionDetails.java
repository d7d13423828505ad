package io.anymq.spring.autoconfigure;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.ConfigurableEnvironment;

/** What the properties say, as texts, so that the engine reports what is wrong with them. */
final class PropertiesAnyMqConnectionDetails implements AnyMqConnectionDetails {
    private final String url;
    private final @Nullable SslBundle sslBundle;

    PropertiesAnyMqConnectionDetails(ConfigurableEnvironment environment, @Nullable SslBundles bundles) {
        Map<String, EnvironmentSettings.Setting> settings = EnvironmentSettings.read(environment);
        EnvironmentSettings.Setting setting = settings.get("anymq.url");
        this.url = setting == null ? "inmemory:" : setting.value();
        EnvironmentSettings.Setting bundle = settings.get("anymq.ssl.bundle");
        this.sslBundle = bundle == null || bundle.value().isBlank() || bundles == null
                ? null
                : bundles.getBundle(bundle.value());
    }

    @Override
    public String getUrl() {
        return url;
    }

    @Override
    public @Nullable SslBundle getSslBundle() {
        return sslBundle;
    }
}
