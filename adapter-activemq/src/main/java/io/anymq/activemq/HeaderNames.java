package io.anymq.activemq;

import io.anymq.spi.WireHeaders;
import java.util.Set;

/**
 * Headers travel as string properties of the same name, except for names that mean something to JMS or to one of the
 * servers: those get a prefix, so that headers stay data.
 */
final class HeaderNames {
    private static final String ESCAPE = "mq-h-";
    private static final Set<String> OWN =
            Set.of(WireHeaders.ID, WireHeaders.KEY, WireHeaders.CONTENT_TYPE, WireHeaders.DELIVER_AT);
    private static final Set<String> VENDORS = Set.of(
            "scheduledJobId",
            "dlqDeliveryFailureCause",
            "originalExpiration",
            "originBrokerId",
            "originBrokerName",
            "originBrokerURL",
            "redeliveryDelay");

    private HeaderNames() {}

    /** The property's name for a header. */
    static String escaped(String header) {
        return isReserved(header) || header.startsWith(ESCAPE) ? ESCAPE + header : header;
    }

    /** Whether a property of this name stands for a field of the message. */
    static boolean isOwn(String property) {
        return OWN.contains(property);
    }

    /** The header's name for a property. */
    static String plain(String property) {
        return property.startsWith(ESCAPE) ? property.substring(ESCAPE.length()) : property;
    }

    /** Whether a property of this name means something to JMS or to one of the servers. */
    static boolean isReserved(String name) {
        return name.startsWith("JMS")
                || name.startsWith("AMQ")
                || name.startsWith("_AMQ")
                || name.startsWith("__")
                || name.startsWith("HDR_")
                || name.startsWith("NATIVE_")
                || VENDORS.contains(name);
    }
}
