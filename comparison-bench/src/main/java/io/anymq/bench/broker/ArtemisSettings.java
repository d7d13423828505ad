package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawActiveMqArm;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import io.anymq.brokers.Tuning;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ActiveMQ Artemis, through OpenWire like {@link ActiveMqSettings}. */
public final class ArtemisSettings implements BrokerUnderTest {
    @Override
    public String name() {
        return "artemis";
    }

    @Override
    public String title() {
        return "ActiveMQ Artemis";
    }

    @Override
    public String rawTitle() {
        return "ActiveMQ's own JMS client, over OpenWire, with the same promises";
    }

    @Override
    public Optional<BrokerKind> kind() {
        return Optional.of(BrokerKind.ARTEMIS);
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        return BrokerOptions.defaults()
                .withDurability(durability)
                .withTuning(Tuning.THROUGHPUT)
                .withHeapMegabytes(768);
    }

    @Override
    public String embeddedUrl() {
        throw new IllegalStateException("Artemis is not embedded");
    }

    @Override
    public Map<String, String> anymqSettings() {
        return ActiveMqSettings.prefixed();
    }

    @Override
    public Map<String, String> vendorSettings() {
        return ActiveMqSettings.vendor("callbacks");
    }

    @Override
    public List<Setting> parity() {
        return ActiveMqSettings.rows("one after another without waiting, each confirmed by the broker's answer");
    }

    @Override
    public String guarantee(Durability durability) {
        return switch (durability) {
            case PROCESS ->
                "journal-datasync=false: a confirmed message is in the operating system's cache and survives the death of"
                        + " the broker's process.";
            case POWER ->
                "journal-datasync=true: a confirmed message survives a power cut; Artemis forces its journal to the disk"
                        + " before it confirms, several writes together.";
        };
    }

    @Override
    public List<String> verify(String bootstrap, Durability durability) {
        return ActiveMqSettings.answers(bootstrap);
    }

    @Override
    public Arm rawArm() {
        return new RawActiveMqArm();
    }
}
