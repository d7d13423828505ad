package io.anymq.tck.brokers;

import io.anymq.brokers.LocalBroker;
import io.anymq.tck.BrokerHarness;
import io.anymq.tck.Fault;
import io.anymq.tck.PlainClient;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * A harness over one local broker, which rules kill and suspend and whose network they break, and which is therefore
 * not shared. Its name is the scheme of the broker's URLs. An adapter's own harness adds how the broker is started and
 * the vendor's client.
 *
 * <pre>{@code
 * final class KafkaHarness extends LocalBrokerHarness {
 *     KafkaHarness() {
 *         this(ProxiedBroker.start(BrokerKind.KAFKA));
 *     }
 *
 * private KafkaHarness(ProxiedBroker broker) { super(broker, new KafkaPlainClient(broker.broker().directBootstrap()),
 * Map.of("anymq.kafka.partitions", "4")); } } }</pre>
 */
public abstract class LocalBrokerHarness implements BrokerHarness {
    private final ProxiedBroker proxied;
    private final LocalBroker broker;
    private final PlainClient plain;
    private final Map<String, String> settings;

    /**
     * A harness that closes {@code broker} when it is closed itself.
     *
     * @param broker up, and not used by anybody else
     * @param plain the vendor's own client at {@link LocalBroker#directBootstrap()}, which faults of the network spare
     * @param settings further configuration keys of the client under test
     */
    protected LocalBrokerHarness(ProxiedBroker broker, PlainClient plain, Map<String, String> settings) {
        this.proxied = broker;
        this.broker = broker.broker();
        this.plain = plain;
        this.settings = Map.copyOf(settings);
    }

    @Override
    public String name() {
        return broker.kind().scheme();
    }

    @Override
    public String url() {
        return proxied.directUrl();
    }

    @Override
    public String networkUrl() {
        return proxied.networkUrl();
    }

    @Override
    public PlainClient plain() {
        return plain;
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public Set<Fault> faults() {
        EnumSet<Fault> faults = EnumSet.of(Fault.CONSUMER_CRASH);
        if (broker.faults().contains(io.anymq.brokers.Fault.RESTART)) {
            faults.add(Fault.BROKER_DOWN);
        }
        if (broker.faults().contains(io.anymq.brokers.Fault.SUSPEND)) {
            faults.add(Fault.BROKER_FROZEN);
        }
        faults.addAll(proxied.faults());
        return faults;
    }

    @Override
    public void inject(Fault fault) {
        switch (fault) {
            case BROKER_DOWN -> broker.kill();
            case BROKER_FROZEN -> broker.suspend();
            case CONSUMER_CRASH -> throw new IllegalArgumentException("use startCrashable for a crash");
            default -> proxied.inject(fault);
        }
    }

    @Override
    public void heal(Fault fault) {
        switch (fault) {
            case BROKER_DOWN -> broker.restart();
            case BROKER_FROZEN -> broker.resume();
            case CONSUMER_CRASH -> throw new IllegalArgumentException("use startCrashable for a crash");
            default -> proxied.heal();
        }
    }

    @Override
    public void close() {
        proxied.close();
    }
}
