package io.anymq.bench.arm;

import io.anymq.MessagingClient;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of an arm.
 *
 * @param url the broker's AnyMQ URL
 * @param bootstrap its address as the vendor's client wants it; empty for an embedded one
 * @param destination a name not used before
 * @param handlers handler threads
 * @param maxInFlight both the sends that may wait for a confirm and the messages that may wait for a handler
 * @param anymq AnyMQ settings of this broker, by full key
 * @param vendor the vendor's own settings, for the raw arm
 * @param policy what the adapter arm asks of AnyMQ
 */
public record ArmContext(
        String url,
        String bootstrap,
        String destination,
        int handlers,
        int maxInFlight,
        Map<String, String> anymq,
        Map<String, String> vendor,
        Policy policy) {
    /** The same for another destination. */
    public ArmContext at(String otherDestination) {
        return new ArmContext(url, bootstrap, otherDestination, handlers, maxInFlight, anymq, vendor, policy);
    }

    /** The same with one more setting of AnyMQ, by full key. */
    public ArmContext with(String key, String value) {
        Map<String, String> more = new HashMap<>(anymq);
        more.put(key, value);
        return new ArmContext(url, bootstrap, destination, handlers, maxInFlight, Map.copyOf(more), vendor, policy);
    }

    /** Opens a client of AnyMQ with these settings. */
    public MessagingClient connect(MessagingClient.Builder builder) {
        anymq.forEach(builder::set);
        return builder.url(url).open();
    }
}
