package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.Health.Status;
import io.anymq.MessagingClient;
import io.anymq.spring.AnyMqListenerContainer;
import io.anymq.spring.AnyMqListenerRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * DOWN if the broker does not answer within two seconds, or a listener that was started does not receive. A restriction,
 * such as a paused listener, is in the details, and the status is UP. Thread-safe.
 */
@API(API.Status.EVOLVING)
public final class AnyMqHealthIndicator extends AbstractHealthIndicator {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final MessagingClient client;
    private final AnyMqListenerRegistry registry;

    /** Looks at this client and these listeners. */
    public AnyMqHealthIndicator(MessagingClient client, AnyMqListenerRegistry registry) {
        super("AnyMQ's health check failed");
        this.client = client;
        this.registry = registry;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        io.anymq.Health broker = client.health(TIMEOUT);
        boolean down = broker.status() == Status.DOWN;
        Map<String, String> listeners = new LinkedHashMap<>();
        for (AnyMqListenerContainer listener : registry.listeners()) {
            io.anymq.Health health = listener.health();
            down |= health.status() == Status.DOWN;
            listeners.put(listener.id(), text(health));
        }
        builder.status(
                        down
                                ? org.springframework.boot.health.contributor.Status.DOWN
                                : org.springframework.boot.health.contributor.Status.UP)
                .withDetail("broker", text(broker));
        if (!listeners.isEmpty()) {
            builder.withDetail("listeners", listeners);
        }
    }

    private static String text(io.anymq.Health health) {
        return health.status() + ": " + health.detail();
    }
}
