package io.anymq.tck.example;

import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.tck.BrokerHarness;
import io.anymq.tck.Fault;
import io.anymq.tck.InMemoryPlainClient;
import io.anymq.tck.PlainClient;
import java.util.Set;

final class ExampleHarness implements BrokerHarness {
    private final InMemoryBroker broker = InMemoryBroker.named("example");

    @Override
    public String name() {
        return "example";
    }

    @Override
    public String url() {
        return "inmemory:example";
    }

    @Override
    public PlainClient plain() {
        return new InMemoryPlainClient(broker);
    }

    @Override
    public Set<Fault> faults() {
        return Set.of(Fault.BROKER_DOWN);
    }

    @Override
    public void inject(Fault fault) {
        broker.stop();
    }

    @Override
    public void heal(Fault fault) {
        broker.start();
    }

    @Override
    public void close() {
        broker.shutdown();
    }
}
