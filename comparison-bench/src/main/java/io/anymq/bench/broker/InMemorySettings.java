package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.ArrayBlockingQueueArm;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The embedded broker, beside a plain JDK queue. */
final class InMemorySettings implements BrokerUnderTest {
    @Override
    public String name() {
        return "inmemory";
    }

    @Override
    public String title() {
        return "In-memory (embedded)";
    }

    @Override
    public String rawTitle() {
        return "reference: java.util.concurrent.ArrayBlockingQueue with a future per message (no broker)";
    }

    @Override
    public Optional<BrokerKind> kind() {
        return Optional.empty();
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        return BrokerOptions.defaults();
    }

    @Override
    public String embeddedUrl() {
        return "inmemory:bench";
    }

    @Override
    public Map<String, String> anymqSettings() {
        return Map.of();
    }

    @Override
    public Map<String, String> vendorSettings() {
        return Map.of();
    }

    @Override
    public List<Setting> parity() {
        return List.of(
                new Setting("transport", "embedded broker in the same JVM", "ArrayBlockingQueue in the same JVM"),
                new Setting(
                        "confirm", "stored in the queue; settled after the handler", "future completed by the handler"),
                new Setting("order", "per key, handlers side by side", "total, since one thread takes"),
                new Setting(
                        "retry, dead letter, redelivery, delay",
                        "default policies: 5 attempts, then dead letter",
                        "none"));
    }

    @Override
    public String guarantee(Durability durability) {
        return "A confirmed message is in this process's memory and ends with it, whatever durability is asked for.";
    }

    @Override
    public List<String> verify(String bootstrap, Durability durability) {
        return List.of();
    }

    @Override
    public Arm rawArm() {
        return new ArrayBlockingQueueArm();
    }
}
