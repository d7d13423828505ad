package io.anymq.rabbitmq;

import java.util.List;
import java.util.Set;

/**
 * Headers that RabbitMQ itself reads or writes. An application's header of such a name travels escaped, so that it
 * neither routes ({@code CC}) nor passes for the server's own; what the server wrote is not a header of the message.
 */
final class ReservedHeaders {
    private static final Set<String> NAMES = Set.of("CC", "BCC", "x-delay", "x-cc", "x-exchange", "x-routing-key");
    private static final List<String> PREFIXES = List.of(
            "x-death",
            "x-first-death-",
            "x-last-death-",
            "x-delivery-count",
            "x-acquired-count",
            "x-stream-",
            "x-received-from",
            "x-shovel");

    private static final String ESCAPE = "mq-as-";

    private ReservedHeaders() {}

    static boolean contains(String name) {
        if (!name.isEmpty() && name.charAt(0) == 'x') {
            for (String prefix : PREFIXES) {
                if (name.startsWith(prefix)) {
                    return true;
                }
            }
        }
        return NAMES.contains(name);
    }

    /** The name under which an application's header travels. */
    static String escape(String name) {
        return contains(name) ? ESCAPE + name : name;
    }

    /** The application's name of a header that has come. */
    static String unescape(String name) {
        return name.startsWith(ESCAPE) ? name.substring(ESCAPE.length()) : name;
    }
}
