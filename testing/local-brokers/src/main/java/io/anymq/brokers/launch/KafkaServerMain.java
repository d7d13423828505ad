package io.anymq.brokers.launch;

import java.io.PrintStream;

/**
 * Formats Kafka's storage folder where needed and then runs the server, in one JVM instead of two.
 *
 * <p>Usage: {@code OwnedMain io.anymq.brokers.launch.KafkaServerMain <cluster id> <server.properties>}.
 */
public final class KafkaServerMain {

    private KafkaServerMain() {}

    /**
     * Formats, then serves until the process ends.
     *
     * @param args the cluster id (22 characters) and the path of {@code server.properties}
     * @throws ReflectiveOperationException if the class path holds no Kafka server
     */
    public static void main(String[] args) throws ReflectiveOperationException {
        String clusterId = args[0];
        String properties = args[1];
        // StorageTool.main ends the JVM, execute does not.
        Object status = Class.forName("kafka.tools.StorageTool")
                .getMethod("execute", String[].class, PrintStream.class)
                .invoke(
                        null,
                        new String[] {"format", "-t", clusterId, "-c", properties, "--ignore-formatted"},
                        System.out);
        if (!Integer.valueOf(0).equals(status)) {
            System.err.println("formatting the storage folder failed with status " + status);
            System.exit(1);
        }
        Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object) new String[] {properties});
    }
}
