package io.anymq.activemq;

/**
 * The server at the other end, and how it is used.
 *
 * @param brokerDelays whether its scheduler delays messages
 */
record ActiveMqServer(ActiveMqConfig config, ServerKind kind, ActiveMqNames names, boolean brokerDelays) {
    boolean isClassic() {
        return kind == ServerKind.CLASSIC;
    }
}
