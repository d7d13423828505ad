package io.anymq.tck;

import io.anymq.history.History;
import io.anymq.inmemory.broker.InMemoryBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The embedded broker, under a name of its own. Other processes cannot reach it, so a crash is a broken connection. */
class InMemoryHarness implements BrokerHarness {
    private final String brokerName = "tck-" + UUID.randomUUID();
    private final InMemoryBroker broker = InMemoryBroker.named(brokerName);

    @Override
    public String name() {
        return "inmemory";
    }

    @Override
    public String url() {
        return "inmemory:" + brokerName;
    }

    InMemoryBroker broker() {
        return broker;
    }

    @Override
    public PlainClient plain() {
        return new InMemoryPlainClient(broker);
    }

    @Override
    public Map<NativeType, Class<?>> nativeTypes() {
        return Map.of(
                NativeType.CLIENT, InMemoryBroker.class,
                NativeType.PRODUCER, InMemoryBroker.class,
                NativeType.CONSUMER, InMemoryBroker.Subscriber.class,
                NativeType.DELIVERY, InMemoryBroker.StoredMessage.class);
    }

    @Override
    public Set<Fault> faults() {
        return Set.of(Fault.BROKER_DOWN, Fault.CONSUMER_CRASH);
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
    public CrashableConsumer startCrashable(CrashSpec spec) {
        String clientName = "crashing-" + UUID.randomUUID();
        Map<String, String> settings = new HashMap<>(spec.settings());
        settings.put("anymq.name", clientName);
        settings.put("anymq.consumer.drain-timeout", "0s");
        CrashSpec named = spec.withSettings(settings);
        CrashConsumerLog log = new CrashConsumerLog();
        CrashConsumer consumer = CrashConsumer.start(named, log::accept);
        return new CrashableConsumer() {
            @Override
            public List<String> started() {
                return log.started();
            }

            @Override
            public List<String> settled() {
                return log.settled();
            }

            @Override
            public History history() {
                return log.history();
            }

            @Override
            public boolean stopped() {
                return log.stopped();
            }

            @Override
            public void crash() {
                broker.isolate(clientName);
                consumer.abandon();
            }

            @Override
            public void close() {
                crash();
            }
        };
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(8);
    }

    @Override
    public void close() {
        broker.shutdown();
    }
}
