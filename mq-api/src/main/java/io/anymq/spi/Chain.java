package io.anymq.spi;

import io.anymq.API;
import io.anymq.MessagingException;
import java.util.List;

/**
 * A message and what its handler published: the broker shall take the outputs and the settlement of the input in one
 * transaction, or neither ({@link Capability#ATOMIC_CHAINING} NATIVE). Made by the engine; the adapter reports exactly
 * one outcome, from any thread; further reports are ignored.
 */
@API(API.Status.EVOLVING)
public interface Chain {
    /**
     * One message to send.
     *
     * @param address a queue or topic that was provisioned
     * @param message what to send
     */
    record Output(Address address, WireMessage message) {}

    /** The message to settle; received by the receiver that gets the chain. */
    InboundMessage input();

    /** The messages to send, in order; never empty. */
    List<Output> outputs();

    /** The transaction took place: the outputs are stored, the input is settled. */
    void committed();

    /**
     * The transaction did not take place: no output is stored, the input is as it was and still with the receiver. The
     * attempt counts as failed with {@code error}.
     */
    void failed(MessagingException error);
}
