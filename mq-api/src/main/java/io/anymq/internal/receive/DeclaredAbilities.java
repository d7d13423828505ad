package io.anymq.internal.receive;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.Support;
import io.anymq.spi.TransactionalReceiver;

/** Whether a receiver implements what its adapter declares, found out once for each and not at the first need. */
final class DeclaredAbilities {
    private DeclaredAbilities() {}

    /** Throws INTERNAL, not retryable: the adapter must be repaired. */
    static void require(BrokerReceiver receiver, Address address, Capabilities capabilities) {
        if (address instanceof Address.Redelivery) {
            require(receiver, address, PausableReceiver.class, capabilities, Capability.DELAY, Support.EMULATED);
        }
        require(
                receiver,
                address,
                TransactionalReceiver.class,
                capabilities,
                Capability.ATOMIC_CHAINING,
                Support.NATIVE);
    }

    private static void require(
            BrokerReceiver receiver,
            Address address,
            Class<? extends BrokerReceiver> ability,
            Capabilities capabilities,
            Capability capability,
            Support support) {
        if (capabilities.of(capability) == support && !ability.isInstance(receiver)) {
            throw new MessagingException(
                    ErrorCode.INTERNAL,
                    "the adapter declares " + capability + " " + support + ", but "
                            + receiver.getClass().getName() + ", its receiver of " + address
                            + ", does not implement " + ability.getName()
                            + ": implement it, or declare " + capability + " UNSUPPORTED",
                    false,
                    null);
        }
    }
}
