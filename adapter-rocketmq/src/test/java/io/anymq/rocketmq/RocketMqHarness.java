package io.anymq.rocketmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.tck.BrokerHarness;
import io.anymq.tck.Fault;
import io.anymq.tck.PlainClient;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A broker of its own, because rules kill and suspend it. */
final class RocketMqHarness implements BrokerHarness {
    private final LocalBroker broker = LocalBrokers.start(BrokerKind.ROCKETMQ);
    private final RocketMqPlainClient plain = new RocketMqPlainClient(broker.directBootstrap());

    @Override
    public String name() {
        return "rocketmq";
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
        return Map.of("anymq.rocketmq.queues", "4");
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
        plain.close();
        broker.close();
    }
}
