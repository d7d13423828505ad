package io.anymq.activemq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.tck.BrokerHarness;
import io.anymq.tck.Fault;
import io.anymq.tck.PlainClient;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A broker of its own, Classic or Artemis, because rules kill and suspend it. */
final class ActiveMqHarness implements BrokerHarness {
    private final LocalBroker broker;
    private final PlainClient plain;
    private final Map<String, String> settings;

    ActiveMqHarness(BrokerKind kind, Map<String, String> brokerSettings, Map<String, String> settings) {
        // Rules kill the broker and look for what was confirmed; KahaDB confirms too early unless it forces each write.
        BrokerOptions options = BrokerOptions.defaults().withHeapMegabytes(512).withDurability(Durability.POWER);
        for (Map.Entry<String, String> setting : brokerSettings.entrySet()) {
            options = options.withSetting(setting.getKey(), setting.getValue());
        }
        this.broker = LocalBrokers.start(kind, options);
        this.plain = new ActiveMqPlainClient(broker.directBootstrap());
        this.settings = settings;
    }

    @Override
    public String name() {
        return broker.kind().scheme();
    }

    @Override
    public String url() {
        return broker.url();
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
        return faults;
    }

    @Override
    public void inject(Fault fault) {
        switch (fault) {
            case BROKER_DOWN -> broker.kill();
            case BROKER_FROZEN -> broker.suspend();
            case CONSUMER_CRASH -> throw new IllegalArgumentException("a crash is made by startCrashable");
        }
    }

    @Override
    public void heal(Fault fault) {
        switch (fault) {
            case BROKER_DOWN -> broker.restart();
            case BROKER_FROZEN -> broker.resume();
            case CONSUMER_CRASH -> throw new IllegalArgumentException("a crash is made by startCrashable");
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
