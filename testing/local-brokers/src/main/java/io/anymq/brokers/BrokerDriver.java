package io.anymq.brokers;

import java.time.Duration;
import java.util.Optional;

/** Starts one kind of broker. */
interface BrokerDriver {

    BrokerKind kind();

    /** What must be on the class path for it; by default nothing. */
    default Optional<ClientLibrary> client() {
        return Optional.empty();
    }

    /**
     * Waits until an external broker answers in its own protocol.
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
