package io.anymq.brokers;

/**
 * A RocketMQ broker with a name server of its own. The methods of {@link LocalBroker} concern the broker; the name
 * server has faults of its own. Brokers that {@link LocalBrokers} starts as processes are of this type.
 *
 * <pre>{@code
 * try (RocketMqBroker broker = (RocketMqBroker) LocalBrokers.start(BrokerKind.ROCKETMQ)) {
 *     broker.killNameServer();
 *     assertThatSendingGoesOn(broker.url());
 *     broker.restartNameServer();
 * }
 * }</pre>
 */
public interface RocketMqBroker extends LocalBroker {
    /** Kills the name server as by SIGKILL and returns once it is gone; the broker goes on. */
    void killNameServer();

    /**
     * Starts the name server again under the same address, and returns once the broker has registered with it, which it
     * does every 10 s.
     *
     * @throws BrokerStartException if that does not happen in time
     */
    void restartNameServer();
}
