package io.anymq.activemq;

/**
 * The server at the other end, and how it is used.
 *
 * @param brokerDelays whether its scheduler delays messages
 * @param lostDeliveries of this client
 */
record ActiveMqServer(
        ActiveMqConfig config,
        ServerKind kind,
        ActiveMqNames names,
        boolean brokerDelays,
        LostDeliveries lostDeliveries) {
    boolean isClassic() {
        return kind == ServerKind.CLASSIC;
    }
}
