package io.anymq.tck;

import io.anymq.spi.BrokerConnection;
import io.anymq.tck.flaw.Flaw;
import io.anymq.tck.net.NetworkFaults;
import io.anymq.tck.wrap.WrappingAdapter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The embedded broker with something between it and the engine, and with a network between it and that; short of patience,
 * since rules are meant to fail.
 */
final class WrappedHarness extends InMemoryHarness {
    private final String name;
    private final String url;
    private final String networkUrl;
    private final SimulatedNetwork network = new SimulatedNetwork();
    private final Duration patience;

    WrappedHarness(String name, UnaryOperator<BrokerConnection> decorator) {
        this(name, decorator, Duration.ofSeconds(3));
    }

    WrappedHarness(String name, UnaryOperator<BrokerConnection> decorator, Duration patience) {
        this.name = name;
        this.url = WrappingAdapter.register(super.url(), Map.of(), connection -> decorator.apply(through(connection)));
        this.networkUrl = WrappingAdapter.register(
                super.url(), Map.of(), connection -> decorator.apply(through(network.through(connection))));
        this.patience = patience;
    }

    private static BrokerConnection through(BrokerConnection connection) {
        return SimulatedProperties.through(SimulatedWire.through(connection));
    }

    @Override
    public String networkUrl() {
        return networkUrl;
    }

    @Override
    public Set<Fault> faults() {
        Set<Fault> faults = EnumSet.copyOf(super.faults());
        faults.addAll(NetworkFaults.ALL);
        return faults;
    }

    @Override
    public void inject(Fault fault) {
        if (NetworkFaults.ALL.contains(fault)) {
            network.inject(fault);
        } else {
            super.inject(fault);
        }
    }

    @Override
    public void heal(Fault fault) {
        if (NetworkFaults.ALL.contains(fault)) {
            network.heal();
        } else {
            super.heal(fault);
        }
    }

    @Override
    public Optional<MalformedMessages> malformed() {
        return Optional.of(new SimulatedWire(broker()));
    }

    @Override
    public Optional<ForeignMessages> foreign() {
        return Optional.of(new SimulatedProperties(broker()));
    }

    @Override
    public Set<String> reservedHeaders() {
        return Set.of(Flaw.RESERVED_HEADER);
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
        return patience;
    }
}
