package io.anymq.activemq;

import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.activemq.command.BrokerInfo;
import org.jspecify.annotations.Nullable;

/** The two servers that this adapter supports. */
enum ServerKind {
    /** ActiveMQ Classic. */
    CLASSIC("ActiveMQ Classic"),
    /** ActiveMQ Artemis, through its OpenWire protocol. */
    ARTEMIS("ActiveMQ Artemis");

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final String title;

    ServerKind(String title) {
        this.title = title;
    }

    /** For people. */
    String title() {
        return title;
    }

    /**
     * Artemis introduces itself by its node id, which is always a UUID; the id of ActiveMQ Classic is made of host
     * name, port and time, or set by its operator.
     */
    static ServerKind of(@Nullable BrokerInfo info) {
        boolean uuid = info != null
                && info.getBrokerId() != null
                && UUID.matcher(info.getBrokerId().getValue().toLowerCase(Locale.ROOT))
                        .matches();
        return uuid ? ARTEMIS : CLASSIC;
    }
}
