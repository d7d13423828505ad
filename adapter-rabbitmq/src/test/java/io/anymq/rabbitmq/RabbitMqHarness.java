package io.anymq.rabbitmq;

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
final class RabbitMqHarness implements BrokerHarness {
    /** Few, because the rules make some hundred queues. */
    private static final int LANES = 2;

    private final LocalBroker broker = LocalBrokers.start(BrokerKind.RABBITMQ);
    private final PlainClient plain = new RabbitMqPlainClient(broker.directBootstrap(), LANES);

    @Override
    public String name() {
        return "rabbitmq";
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
        return Map.of("anymq.rabbitmq.lanes", Integer.toString(LANES));
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
