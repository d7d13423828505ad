package io.anymq.brokers;

import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The server settings of a single Kafka node: quick to start, quick to come back, and safe on one machine. */
final class KafkaSettings {
    /** {@code host:port} of one more listener, which speaks TLS as the {@code ssl.*} settings say. */
    static final String TLS_LISTENER = "tls.listener";

    private KafkaSettings() {}

    /** Settings shared by process and container; the user's settings take precedence. */
    static SortedMap<String, String> common(BrokerOptions options) {
        SortedMap<String, String> settings = new TreeMap<>();
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("auto.create.topics.enable", "false");
        settings.put("num.partitions", "1");

        // After kill -9 the new incarnation must wait for the old one's session; below 3 s it fences itself under load.
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");

        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("group.consumer.min.session.timeout.ms", "1000");
        settings.put("group.consumer.session.timeout.ms", "6000");
        settings.put("group.consumer.min.heartbeat.interval.ms", "100");
        settings.put("group.consumer.heartbeat.interval.ms", "500");
        settings.put("group.consumer.assignment.interval.ms", "0");

        // The default buffer of 128 MiB would take half of a small heap.
        settings.put("log.cleaner.dedupe.buffer.size", "4194304");
        if (options.durability() == Durability.POWER) {
            settings.put("log.flush.interval.messages", "1");
        }
        settings.putAll(options.settings());
        return settings;
    }

    /** The settings of a process that listens on 127.0.0.1. */
    static SortedMap<String, String> process(
            BrokerOptions options, Path data, int client, int internal, int controller) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "INTERNAL");
        settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put(
                "listeners",
                "CLIENT://127.0.0.1:" + client + ",INTERNAL://127.0.0.1:" + internal + ",CONTROLLER://127.0.0.1:"
                        + controller);
        settings.put(
                "advertised.listeners",
                "CLIENT://" + options.advertised().orElse("127.0.0.1:" + client) + ",INTERNAL://127.0.0.1:" + internal);
        settings.put("log.dirs", data.toString());
        settings.putAll(common(options));
        String encrypted = settings.remove(TLS_LISTENER);
        if (encrypted != null) {
            settings.merge("listener.security.protocol.map", ",TLS:SSL", String::concat);
            settings.merge("listeners", ",TLS://" + encrypted, String::concat);
            settings.merge("advertised.listeners", ",TLS://" + encrypted, String::concat);
        }
        return settings;
    }

    /** The content of {@code server.properties}. */
    static String file(Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        // Backslashes would be read as escapes.
        settings.forEach((key, value) ->
                text.append(key).append('=').append(value.replace("\\", "\\\\")).append('\n'));
        return text.toString();
    }
}
