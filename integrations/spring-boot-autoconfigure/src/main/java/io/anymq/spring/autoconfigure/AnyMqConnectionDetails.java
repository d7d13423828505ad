package io.anymq.spring.autoconfigure;

import io.anymq.API;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Where the broker is. A bean of this type takes the place of {@code anymq.url} and {@code anymq.ssl.bundle}, as
 * {@code @ServiceConnection} does for a container.
 *
 * <pre>{@code
 * @Bean
 * AnyMqConnectionDetails broker(Vault vault) {
 *     return () -> "rabbitmq://" + vault.user() + ":" + vault.password() + "@mq.example.org:5672";
 * }
 * }</pre>
 */
@FunctionalInterface
@API(API.Status.EVOLVING)
public interface AnyMqConnectionDetails extends ConnectionDetails {
    /** The broker's URL, such as {@code kafka://localhost:9092}. */
    String getUrl();

    /** Further settings by their keys, such as {@code anymq.activemq.user}; they win over properties. */
    default Map<String, String> getSettings() {
        return Map.of();
    }

    /** The stores of TLS; null for no TLS unless the settings or the properties of the adapter say so. */
    default @Nullable SslBundle getSslBundle() {
        return null;
    }
}
