package io.anymq.brokers;

import java.time.Duration;
import java.util.Optional;

/** What one kind of broker knows about its own start. */
interface BrokerDriver {

    BrokerKind kind();

    /**
     * Waits until a broker that somebody else runs answers in its own protocol.
     *
     * @return the server's version, if it says
     * @throws LocalBrokerException if it does not answer in time
     */
    Optional<String> reach(String bootstrap, Duration timeout);

    /** Why no container can be started with these options, or empty if one can. May ask the Docker engine. */
    Optional<String> obstacleToContainer(BrokerOptions options);

    /** Why no process can be started with these options, or empty if one can. */
    Optional<String> obstacleToProcess(BrokerOptions options);

    LocalBroker startContainer(BrokerOptions options);

    LocalBroker startProcess(BrokerOptions options);
}
