package io.anymq.brokers;

/**
 * The vendor's client with which a started broker is asked whether it answers. It is no dependency of this library:
 * applications choose its version.
 *
 * @param type a class of it
 * @param artifact its group and artifact
 */
record ClientLibrary(String type, String artifact) {
    static final ClientLibrary KAFKA =
            new ClientLibrary("org.apache.kafka.clients.admin.Admin", "org.apache.kafka:kafka-clients");
    static final ClientLibrary ACTIVEMQ =
            new ClientLibrary("org.apache.activemq.ActiveMQConnectionFactory", "org.apache.activemq:activemq-client");

    static final ClientLibrary POSTGRESQL = new ClientLibrary("org.postgresql.Driver", "org.postgresql:postgresql");

    /** Throws a {@link LocalBrokerException} that says what to add. */
    void require(BrokerKind kind) {
        try {
            Class<?> unused = Class.forName(type, false, ClientLibrary.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new LocalBrokerException(
                    "a " + kind.scheme() + " broker is asked with " + artifact
                            + " whether it answers, which is not on the class path; add it to the tests' dependencies",
                    e);
        }
    }
}
