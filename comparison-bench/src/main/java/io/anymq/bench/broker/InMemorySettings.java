package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.ArrayBlockingQueueArm;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.bench.result.Texts;
import io.anymq.brokers.Durability;
import java.util.List;

/** The embedded broker, next to a plain JDK queue. */
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
    public String embeddedUrl() {
        return "inmemory:bench";
    }

    @Override
    public List<Setting> parity() {
        return Texts.list("parity.inmemory").stream().map(Setting::of).toList();
    }

    @Override
    public String guarantee(Durability durability) {
        return Texts.of("guarantee.inmemory");
    }

    @Override
    public Arm rawArm() {
        return new ArrayBlockingQueueArm();
    }
}
