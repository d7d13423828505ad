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
 * A broker that can be compared, found by {@link java.util.ServiceLoader} through {@code
 * META-INF/services/io.anymq.bench.broker.BrokerUnderTest} on the class path. Public class, public no-argument constructor,
 * stateless; besides it only an {@link Arm} with the vendor's plain client is needed. Those that come with this benchmark are
 * listed in {@link Brokers}.
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

    /** A description of the raw arm for readers. */
    String rawTitle();

    /** The server to start; empty, which is the default, if there is none or it is already running. */
    default Optional<BrokerKind> kind() {
        return Optional.empty();
    }

    /** How it is started; unused if there is nothing to start. */
    default BrokerOptions startOptions(Durability durability) {
        return BrokerOptions.defaults().withDurability(durability);
    }

    /** Its AnyMQ URL if there is nothing to start; asked for once in a comparison. */
    String embeddedUrl();

    /** How it was obtained if nothing was started, in a word; {@code embedded} means that it ends with the process. */
    default String embeddedAs() {
        return "embedded";
    }

    /** Called when the runs at {@link #embeddedUrl()} are over. */
    default void release(String url) throws Exception {}

    /** AnyMQ settings of the adapter arm, by full key; none unless overridden. */
    default Map<String, String> anymqSettings(Durability durability) {
        return Map.of();
    }

    /** The vendor's own settings, for the raw arm; none unless overridden. */
    default Map<String, String> vendorSettings(Durability durability) {
        return Map.of();
    }

    /** Both arms side by side, for the report. */
    List<Setting> parity();

    /**
     * Whether confirmed messages survive a kill of the broker's process. If not, lost messages are shown as a figure and do not
     * void the run.
     */
    default boolean confirmsOutliveAKill(Durability durability) {
        return true;
    }

    /** The guarantee of a confirm, in words. */
    String guarantee(Durability durability);

    /** Asks the running broker whether it has the settings it was given; one sentence per difference, by default none. */
    default List<String> verify(String bootstrap, Durability durability) throws Exception {
        return List.of();
    }

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
