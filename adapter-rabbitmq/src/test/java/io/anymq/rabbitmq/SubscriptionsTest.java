package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {
    /** The prefetch of each subscription, by tag. */
    private final Map<String, Integer> open = new LinkedHashMap<>();

    private final List<String> cancelled = new ArrayList<>();
    private int prefetch;

    private final Channel channel = (Channel) Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Channel.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "basicQos" -> {
                    prefetch = (Integer) arguments[0];
                    yield null;
                }
                case "basicConsume" -> {
                    assertThat(arguments[0]).isEqualTo("orders");
                    assertThat(arguments[1]).as("acknowledged by itself").isEqualTo(false);
                    assertThat(open.put((String) arguments[2], prefetch)).isNull();
                    yield arguments[2];
                }
                case "basicCancel" -> {
                    assertThat(open.remove((String) arguments[0])).isNotNull();
                    cancelled.add((String) arguments[0]);
                    yield null;
                }
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private final Subscriptions subscriptions =
            new Subscriptions(channel, "orders", "tag", () -> new DefaultConsumer(channel));

    private int total() {
        return open.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void aLargerWindowAddsASubscription() throws IOException {
        subscriptions.window(32);
        subscriptions.window(64);
        subscriptions.window(1_000);
        assertThat(open).containsExactly(Map.entry("tag", 32), Map.entry("tag+1", 32), Map.entry("tag+2", 936));
        assertThat(cancelled).isEmpty();
    }

    @Test
    void aSmallerOneCancelsTheLatest() throws IOException {
        subscriptions.window(32);
        subscriptions.window(64);
        subscriptions.window(1_000);
        subscriptions.window(100);
        assertThat(cancelled).containsExactly("tag+2");
        assertThat(total()).isEqualTo(100);
        subscriptions.window(1);
        assertThat(open.values()).containsExactly(1);
    }

    @Test
    void thereAreNeverMany() throws IOException {
        for (int window = 1; window <= 1_000; window++) {
            subscriptions.window(window);
            assertThat(total()).isEqualTo(window);
            assertThat(open).hasSizeLessThanOrEqualTo(8);
        }
    }

    @Test
    void theServerTakesNoLargerPrefetch() throws IOException {
        subscriptions.window(1_000_000);
        assertThat(total()).isEqualTo(65_535);
    }
}
