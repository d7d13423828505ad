package io.anymq.bench.broker;

import io.anymq.bench.arm.AdapterArm;
import io.anymq.bench.arm.Arm;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A broker that can be compared. To add one, write a {@code XSettings} that implements this, a {@code RawXArm}, and list
 * it in {@link Brokers}. Immutable.
 */
public interface BrokerUnderTest {
    /** The arm through AnyMQ. */
    String ADAPTER = "adapter";

    /** The arm without AnyMQ. */
    String RAW = "raw";

    /** As in {@code --brokers}. */
    String name();

    /** For people. */
    String title();

    /** What the raw arm is, for people. */
    String rawTitle();

    /** What has to be started; empty for an embedded broker. */
    Optional<BrokerKind> kind();

    /** How it is started. */
    BrokerOptions startOptions(Durability durability);

    /** Its AnyMQ URL where nothing has to be started. */
    String embeddedUrl();

    /** AnyMQ settings of the adapter arm, by full key. */
    Map<String, String> anymqSettings();

    /** The same, where the durability is the client's to choose. */
    default Map<String, String> anymqSettings(Durability durability) {
        return anymqSettings();
    }

    /** The vendor's own settings, for the raw arm. */
    Map<String, String> vendorSettings();

    /** The same, where the durability is the client's to choose. */
    default Map<String, String> vendorSettings(Durability durability) {
        return vendorSettings();
    }

    /** Both arms side by side, for the report. */
    List<Setting> parity();

    /** What a confirm promises, in words. */
    String guarantee(Durability durability);

    /** Asks the running broker whether it has the settings it was given; one sentence per difference. */
    List<String> verify(String bootstrap, Durability durability) throws Exception;

    /** A new raw arm. */
    Arm rawArm();

    /** A new arm of this name. */
    default Arm arm(String name) {
        return switch (name) {
            case ADAPTER -> new AdapterArm();
            case RAW -> rawArm();
            default -> throw new IllegalArgumentException("no arm is called '" + name + "'; known: adapter, raw");
        };
    }
}
