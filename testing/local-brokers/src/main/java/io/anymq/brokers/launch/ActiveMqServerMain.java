package io.anymq.brokers.launch;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Runs ActiveMQ Classic with a KahaDB store, configured by a properties file instead of Spring XML.
 *
 * <p>{@code connector} and {@code data} are required. {@code broker.<property>} sets a property of the broker, {@code
 * kahadb.<property>} of its store, {@code policy.<property>} of the policy of all queues; names may be nested, such as
 * {@code broker.systemUsage.storeUsage.limit}. {@code user.<name>=<password>,<role>} turns authentication on, and
 * {@code permit.<pattern>=<role>,…} says which roles may use the queues and topics of that pattern. {@code
 * tls.uri=ssl://<host>:<port>} opens an encrypted connector as well, with the PKCS#12 stores {@code tls.keyStorePath},
 * {@code tls.trustStorePath} and their passwords.
 *
 * <p>Usage: {@code OwnedMain io.anymq.brokers.launch.ActiveMqServerMain <properties file>}.
 */
public final class ActiveMqServerMain {
    private ActiveMqServerMain() {}

    /**
     * Starts the broker and returns when it has stopped.
     *
     * @param args the properties file's path
     * @throws Exception if the file cannot be read, names unknown properties, or the broker does not start
     */
    public static void main(String[] args) throws Exception {
        ServerProperties properties = new ServerProperties(args[0]);
        Object broker = Beans.create("org.apache.activemq.broker.BrokerService");
        Beans.set(broker, "useJmx", "false");
        Beans.set(broker, "useShutdownHook", "false");
        Beans.call(broker, "setDataDirectory", properties.require("data"));
        Object store = Beans.create("org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter");
        Beans.call(
                store,
                "setDirectory",
                Path.of(properties.require("data"), "kahadb").toFile());
        for (String[] setting : properties.startingWith("kahadb.")) {
            Beans.set(store, setting[0], setting[1]);
        }
        Beans.call(broker, "setPersistenceAdapter", store);
        for (String[] setting : properties.startingWith("broker.")) {
            Beans.set(broker, setting[0], setting[1]);
        }
        setPolicy(broker, properties);
        setSecurity(broker, properties);
        Beans.call(broker, "addConnector", properties.require("connector"));
        addTlsConnector(broker, properties);
        Beans.call(broker, "start");
        // All of its threads are daemons.
        Beans.call(broker, "waitUntilStopped");
    }

    private static void addTlsConnector(Object broker, ServerProperties properties) throws Exception {
        if (properties.startingWith("tls.").isEmpty()) {
            return;
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        char[] password = properties.require("tls.keyStorePassword").toCharArray();
        keys.init(store(properties, "tls.keyStorePath", "tls.keyStorePassword"), password);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(
                properties.has("tls.trustStorePath")
                        ? store(properties, "tls.trustStorePath", "tls.trustStorePassword")
                        : null);
        Object context = Beans.create(
                "org.apache.activemq.broker.SslContext",
                keys.getKeyManagers(),
                trusted.getTrustManagers(),
                new SecureRandom());
        Beans.call(broker, "setSslContext", context);
        Beans.call(broker, "addConnector", properties.require("tls.uri"));
    }

    private static KeyStore store(ServerProperties properties, String file, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(properties.require(file)))) {
            store.load(in, properties.require(password).toCharArray());
        }
        return store;
    }

    private static void setPolicy(Object broker, ServerProperties properties) throws ReflectiveOperationException {
        Object policy = Beans.create("org.apache.activemq.broker.region.policy.PolicyEntry");
        for (String[] setting : properties.startingWith("policy.")) {
            Beans.set(policy, setting[0], setting[1]);
        }
        Object policies = Beans.create("org.apache.activemq.broker.region.policy.PolicyMap");
        Beans.call(policies, "setDefaultEntry", policy);
        Beans.call(broker, "setDestinationPolicy", policies);
    }

    private static void setSecurity(Object broker, ServerProperties properties) throws ReflectiveOperationException {
        List<Object> users = new ArrayList<>();
        for (String[] user : properties.users()) {
            users.add(Beans.create("org.apache.activemq.security.AuthenticationUser", user[0], user[1], user[2]));
        }
        if (users.isEmpty()) {
            return;
        }
        Class<?> plugin = Class.forName("org.apache.activemq.broker.BrokerPlugin");
        List<Object> plugins = new ArrayList<>();
        plugins.add(Beans.create("org.apache.activemq.security.SimpleAuthenticationPlugin", users));
        List<Object> entries = new ArrayList<>();
        for (String[] permit : properties.startingWith("permit.")) {
            entries.add(permission(permit[0], permit[1], "setQueue"));
            entries.add(permission(permit[0], permit[1], "setTopic"));
        }
        if (!entries.isEmpty()) {
            Object map = Beans.create("org.apache.activemq.security.DefaultAuthorizationMap", entries);
            plugins.add(Beans.create("org.apache.activemq.security.AuthorizationPlugin", map));
        }
        Object array = java.lang.reflect.Array.newInstance(plugin, plugins.size());
        for (int i = 0; i < plugins.size(); i++) {
            java.lang.reflect.Array.set(array, i, plugins.get(i));
        }
        Beans.call(broker, "setPlugins", array);
    }

    private static Object permission(String pattern, String roles, String kind) throws ReflectiveOperationException {
        Object entry = Beans.create("org.apache.activemq.security.AuthorizationEntry");
        Beans.call(entry, kind, pattern);
        for (String right : List.of("setRead", "setWrite", "setAdmin")) {
            Beans.call(entry, right, roles);
        }
        return entry;
    }
}
