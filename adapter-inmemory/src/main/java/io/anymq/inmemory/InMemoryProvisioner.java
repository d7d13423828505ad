package io.anymq.inmemory;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;

/** Declares queues, topics and subscriptions. Stateless. */
final class InMemoryProvisioner {
    private InMemoryProvisioner() {}

    static void provision(InMemoryBroker.Session session, Address address, ProvisionMode mode) {
        // Refused also for a subscription that exists, so that the same program gets the same answer on every run.
        if (address instanceof Address.OfSubscription wanted
                && wanted.subscription().start() == StartPosition.EARLIEST) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    wanted + " cannot start at EARLIEST because the in-memory broker keeps no history of a topic;"
                            + " provision it with NOW before the first message is sent");
        }
        if (mode != ProvisionMode.NONE) {
            session.declare(address, mode == ProvisionMode.CREATE);
        }
    }
}
