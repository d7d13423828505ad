package io.anymq.spi;

import io.anymq.API;
import io.anymq.MessagingException;
import java.util.List;

/**
 * A receiver that sends and settles in one transaction. Mandatory where {@link Capability#ATOMIC_CHAINING} is NATIVE;
 * the engine never calls {@link #commit} elsewhere.
 *
 * <p>Single-threaded, as {@link BrokerReceiver}.
 */
@API(API.Status.EVOLVING)
public interface TransactionalReceiver extends BrokerReceiver {
    /**
     * Sends the outputs of each chain and settles its input, in one transaction for each chain or in one for several;
     * if a common one fails, none of its chains has taken place. Reports the outcome on every chain before it returns.
     * Blocks at most the operation time-out. Inputs belong to lanes owned when this is called, and no chain is kept
     * afterwards.
     *
     * @throws MessagingException as {@link #receive}, and when it is not known whether the transaction took place: the
     *     lanes are given up then, and the broker delivers unsettled messages again
     */
    void commit(List<? extends Chain> chains);
}
