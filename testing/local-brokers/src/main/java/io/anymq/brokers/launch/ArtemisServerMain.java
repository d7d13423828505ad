package io.anymq.brokers.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Runs ActiveMQ Artemis from a {@code broker.xml}.
 *
 * <p>Usage: {@code OwnedMain io.anymq.brokers.launch.ArtemisServerMain <broker.xml> <properties file>}, where the second
 * file holds {@code user.<name>=<password>,<role>} for each user.
 */
public final class ArtemisServerMain {
    private static final String SECURITY = "org.apache.activemq.artemis.spi.core.security.";

    private ArtemisServerMain() {}

    /**
     * Starts the broker and serves until the process ends.
     *
     * @param args the paths of {@code broker.xml} and of the properties file
     * @throws Exception if a file cannot be read or the broker does not start
     */
    public static void main(String[] args) throws Exception {
        Object configuration = Class.forName("org.apache.activemq.artemis.core.config.impl.SecurityConfiguration")
                .getConstructor()
                .newInstance();
        List<String[]> known = new ServerProperties(args[1]).users();
        for (String[] user : known) {
            Beans.call(configuration, "addUser", user[0], user[1]);
            Beans.call(configuration, "addRole", user[0], user[2]);
        }
        Object server = Beans.create("org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ");
        Beans.call(server, "setConfigResourcePath", Path.of(args[0]).toUri().toString());
        if (!known.isEmpty()) {
            Object manager = Class.forName(SECURITY + "ActiveMQJAASSecurityManager")
                    .getConstructor(String.class, configuration.getClass())
                    .newInstance(SECURITY + "jaas.InVMLoginModule", configuration);
            Beans.call(server, "setSecurityManager", manager);
        }
        Beans.call(server, "start");
        new CountDownLatch(1).await();
    }
}
