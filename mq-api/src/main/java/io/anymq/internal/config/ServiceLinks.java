package io.anymq.internal.config;

import java.util.regex.Pattern;

/**
 * The variables that Kubernetes sets in each pod for every Service of its namespace. Those of a Service whose name begins
 * with {@code anymq} look like configuration: {@code ANYMQ_SERVICE_HOST}, {@code ANYMQ_PORT=tcp://10.0.0.5:61616},
 * {@code ANYMQ_KAFKA_PORT_9092_TCP_ADDR}. Source: the Kubernetes documentation, "Service", discovering services.
 */
final class ServiceLinks {
    private static final Pattern NAME =
            Pattern.compile(".*_SERVICE_HOST|.*_SERVICE_PORT(_.+)?|.*_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");
    private static final Pattern URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private ServiceLinks() {}

    static boolean isOne(String name, String value) {
        return NAME.matcher(name).matches()
                || (name.endsWith("_PORT") && URL.matcher(value).matches());
    }
}
