package io.anymq.tck;

import io.anymq.spi.BrokerConnection;
import io.anymq.tck.wrap.WrappingAdapter;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The embedded broker with something between it and the engine; short of patience, since rules are meant to fail. */
final class WrappedHarness extends InMemoryHarness {
    private final String name;
    private final String url;

    WrappedHarness(String name, UnaryOperator<BrokerConnection> decorator) {
        this.name = name;
        this.url = WrappingAdapter.register(super.url(), Map.of(), decorator);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("anymq.producer.send-timeout", "2s", "anymq.consumer.drain-timeout", "1s");
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(3);
    }
}
