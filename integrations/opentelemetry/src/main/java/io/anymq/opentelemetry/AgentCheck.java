package io.anymq.opentelemetry;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenTelemetry's agent instruments the brokers' clients, below AnyMQ: it would add a second span to each send and each
 * delivery. Only the agent's own configuration can switch that off, so a client that finds both says how.
 */
final class AgentCheck {
    private static final Logger log = LoggerFactory.getLogger(AgentCheck.class);

    /** The agent's name of what instruments the client of a broker, by the scheme of its URL. */
    private static final Map<String, String> INSTRUMENTATIONS = Map.of(
            "kafka", "kafka",
            "rabbitmq", "rabbitmq",
            "rocketmq", "rocketmq-client",
            "activemq", "jms");

    private static final String COMMON = "otel.instrumentation.common.default-enabled";

    private AgentCheck() {}

    static void warnOfDoubleSpans(String broker) {
        if (isAgentThere()) {
            switchFor(broker, System.getProperties(), System.getenv())
                    .ifPresent(name -> log.warn(
                            "OpenTelemetry's agent instruments the broker's client, too, so each message gets a second"
                                    + " span; start the JVM with -D{}=false",
                            name));
        }
    }

    private static boolean isAgentThere() {
        try {
            Class.forName("io.opentelemetry.javaagent.OpenTelemetryAgent", false, ClassLoader.getSystemClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The property to set to false; empty where the agent leaves the broker's client alone already. */
    static Optional<String> switchFor(String broker, Properties properties, Map<String, String> environment) {
        String instrumentation = INSTRUMENTATIONS.get(broker);
        if (instrumentation == null) {
            return Optional.empty();
        }
        String name = "otel.instrumentation." + instrumentation + ".enabled";
        String own = value(name, properties, environment);
        String deciding = own.isEmpty() ? value(COMMON, properties, environment) : own;
        return deciding.equalsIgnoreCase("false") ? Optional.empty() : Optional.of(name);
    }

    private static String value(String name, Properties properties, Map<String, String> environment) {
        String variable = name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
        return properties.getProperty(name, environment.getOrDefault(variable, ""));
    }
}
