package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawActiveMqArm;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import java.util.List;
import java.util.Map;

/** ActiveMQ Artemis, through OpenWire like {@link ActiveMqSettings}. */
public final class ArtemisSettings extends ServerUnderTest {
    private static final String CONNECTIONS = "4";

    ArtemisSettings() {
        super(
                BrokerKind.ARTEMIS,
                "ActiveMQ Artemis",
                "ActiveMQ's own JMS client, over OpenWire, with the same promises");
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        return super.startOptions(durability).withHeapMegabytes(768);
    }

    @Override
    public Map<String, String> anymqSettings() {
        return ActiveMqSettings.prefixed();
    }

    @Override
    public Map<String, String> vendorSettings() {
        return ActiveMqSettings.vendor("callbacks", CONNECTIONS);
    }

    @Override
    public List<Setting> parity() {
        return ActiveMqSettings.rows(
                "one after another without waiting, each confirmed by the broker's answer", CONNECTIONS);
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
