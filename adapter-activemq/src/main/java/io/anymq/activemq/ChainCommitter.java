package io.anymq.activemq;

import io.anymq.MessagingException;
import io.anymq.spi.Chain;
import io.anymq.spi.support.Deadline;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.TransactionId;
import org.jspecify.annotations.Nullable;

/** Sends the outputs of chains and acknowledges their inputs in one local transaction. For the receive thread. */
final class ChainCommitter {
    private final OpenWireLink link;
    private final ActiveMqServer server;
    private @Nullable Conversation conversation;

    ChainCommitter(OpenWireLink link, ActiveMqServer server) {
        this.link = link;
        this.server = server;
    }

    /**
     * All in one transaction; if the broker refuses an output, each chain in one of its own.
     *
     * @throws MessagingException retryable, when it is unknown whether a transaction took place
     */
    void commit(List<? extends Chain> chains) {
        if (!tryCommit(chains) && chains.size() > 1) {
            for (Chain chain : chains) {
                tryCommit(List.of(chain));
            }
        }
    }

    /** Returns false if it was rolled back without a report. */
    private boolean tryCommit(List<? extends Chain> chains) {
        Deadline deadline = Deadline.after(server.config().operationTimeout());
        try {
            MessagingException refusal = sendAll(chains, deadline);
            if (refusal == null) {
                chains.forEach(Chain::committed);
                return true;
            }
            if (chains.size() == 1) {
                chains.get(0).failed(refusal);
                return true;
            }
            return false;
        } catch (JMSException e) {
            MessagingException error = ActiveMqTranslator.error("committing a chain", e);
            link.giveUp(e);
            throw new MessagingException(error.code(), String.valueOf(error.getMessage()), true, e);
        }
    }

    /** Null if it was committed; otherwise the reason of the rollback. */
    private @Nullable MessagingException sendAll(List<? extends Chain> chains, Deadline deadline) throws JMSException {
        List<ActiveMQMessage> outputs = new ArrayList<>();
        try {
            for (Chain chain : chains) {
                for (Chain.Output output : chain.outputs()) {
                    outputs.add(ActiveMqTranslator.message(
                            server.names()
                                    .target(output.address(), output.message().lane()),
                            ActiveMqNames.ordering(output.address()),
                            output.message(),
                            true));
                }
            }
        } catch (IOException | RuntimeException e) {
            return ActiveMqTranslator.error("writing an output", e);
        }
        Conversation with = conversation;
        if (with == null) {
            with = Conversation.open(link, deadline.left());
            conversation = with;
        }
        if (server.isClassic() && commitUnanswered(chains, with, outputs, deadline)) {
            return null;
        }
        TransactionId transaction = link.begin();
        AtomicReferenceArray<@Nullable JMSException> refusals = with.send(outputs, transaction, deadline);
        for (int i = 0; i < outputs.size(); i++) {
            JMSException refusal = refusals.get(i);
            if (refusal != null) {
                // Before any acknowledgement, so that every input is as it was.
                link.rollback(transaction, deadline.left());
                return ActiveMqTranslator.error("sending an output", refusal);
            }
        }
        if (!settle(chains, transaction, deadline)) {
            throw new JMSException("the broker rejected an acknowledgement");
        }
        return null;
    }

    /**
     * Outputs ask for no answers at first where the broker forces its journal to the disk for each that does, and where
     * an acknowledgement that is rolled back leaves its message with the consumer.
     *
     * @return false if the broker refused a part and everything was rolled back; the answers tell which part
     */
    private boolean commitUnanswered(
            List<? extends Chain> chains, Conversation with, List<ActiveMQMessage> outputs, Deadline deadline)
            throws JMSException {
        TransactionId transaction = link.begin();
        if (with.sendUnanswered(outputs, transaction) && settle(chains, transaction, deadline)) {
            return true;
        }
        link.rollback(transaction, deadline.left());
        return false;
    }

    /** False if the broker had refused a part of the transaction. */
    private boolean settle(List<? extends Chain> chains, TransactionId transaction, Deadline deadline)
            throws JMSException {
        for (Chain chain : chains) {
            ActiveMqMessage input = (ActiveMqMessage) chain.input();
            input.owner().acknowledge(input, transaction);
        }
        if (!link.commit(transaction, deadline.left())) {
            return false;
        }
        for (Chain chain : chains) {
            ActiveMqMessage input = (ActiveMqMessage) chain.input();
            input.owner().acknowledged(input);
        }
        return true;
    }
}
