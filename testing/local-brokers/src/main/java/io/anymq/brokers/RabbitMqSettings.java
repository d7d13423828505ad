package io.anymq.brokers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The server settings and the environment of a RabbitMQ node that shares nothing with any other but its cluster's. */
final class RabbitMqSettings {
    private RabbitMqSettings() {}

    /** Settings shared by process and container; the user's settings take precedence. */
    static SortedMap<String, String> common(BrokerOptions options) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("log.console", "true");
        settings.put("log.console.level", "info");
        // The default of 50 MB may exceed the free space of a small machine at a bad moment, and an alarm stops
        // publishers.
        settings.put("disk_free_limit.absolute", "20MB");
        settings.putAll(options.settings());
        return settings;
    }

    static SortedMap<String, String> process(BrokerOptions options, int port, List<String> members) {
        SortedMap<String, String> settings = new TreeMap<>();
        if (members.size() > 1) {
            settings.put("cluster_formation.peer_discovery_backend", "classic_config");
            for (int i = 0; i < members.size(); i++) {
                settings.put("cluster_formation.classic_config.nodes." + (i + 1), members.get(i));
            }
        }
        settings.put("listeners.tcp.1", "127.0.0.1:" + port);
        settings.put("log.file", "false");
        settings.putAll(common(options));
        return settings;
    }

    /** The content of {@code rabbitmq.conf}. */
    static String file(Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        settings.forEach(
                (key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        return text.toString();
    }

    /**
     * Every path and port that a node would otherwise share with one that is installed as a service.
     *
     * @param node the node's name
     * @param erlangPort for Erlang's own connections
     * @param epmdPort of the port mapper that belongs to this node, or to its cluster, alone
     */
    static Map<String, String> environment(
            BrokerOptions options, String node, Path folder, int port, int erlangPort, int epmdPort) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("HOME", folder.toString());
        environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODENAME", node);
        environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(erlangPort));
        environment.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
        environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString());
        environment.put(
                "RABBITMQ_PLUGINS_EXPAND_DIR", folder.resolve("data/plugins").toString());
        environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
        environment.put(
                "RABBITMQ_FEATURE_FLAGS_FILE",
                folder.resolve("data/feature_flags").toString());
        environment.put("RABBITMQ_PID_FILE", folder.resolve("data/pid").toString());
        environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        environment.put("RABBITMQ_LOGS", "-");
        // The node then reads commands from its standard input and ends when that ends, and no shell stands in between.
        environment.put("RABBITMQ_ALLOW_INPUT", "1");
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", String.join(" ", erlangFlags(options)));
        return environment;
    }

    static Iterable<String> erlangFlags(BrokerOptions options) {
        String own = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}";
        // Spinning schedulers would take the cores from the clients under test.
        return options.tuning() == Tuning.QUICK_START
                ? List.of(own, "+sbwt none +sbwtdcpu none +sbwtdio none")
                : List.of(own);
    }
}
