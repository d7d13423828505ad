package io.anymq.tck.flaw;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.Chain;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** Defects of what passes for a transaction. */
final class ChainFlaws {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** With this message it takes its time between its steps, so that the rule's kill does not hit there by luck only. */
    private static final String SLOW = "m00000";

    private static final Duration PAUSE = Duration.ofSeconds(10);

    private ChainFlaws() {}

    static UnaryOperator<BrokerConnection> inTwoSteps() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public Capabilities capabilities() {
                return super.capabilities().with(Capability.ATOMIC_CHAINING, Support.NATIVE);
            }

            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return new TwoSteps(super.openReceiver(address, options, listener), connection);
            }
        };
    }

    private static final class TwoSteps extends ForwardingReceiver {
        private final BrokerConnection connection;

        TwoSteps(BrokerReceiver delegate, BrokerConnection connection) {
            super(delegate);
            this.connection = connection;
        }

        @Override
        public void commit(List<? extends Chain> chains) {
            List<Chain> sent = new ArrayList<>();
            for (Chain chain : chains) {
                chain.outputs().forEach(this::send);
                sent.add(chain);
            }
            if (sent.stream().anyMatch(chain -> chain.input().id().equals(SLOW))) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            acknowledge(sent.stream().map(Chain::input).toList());
            sent.forEach(Chain::committed);
        }

        private void send(Chain.Output output) {
            BrokerSender sender = connection.openSender(output.address(), new SenderOptions(1, TIMEOUT));
            try {
                Outgoing message = Outgoing.of(output.message());
                sender.send(message);
                MessagingException error = message.await(TIMEOUT).error();
                if (error != null) {
                    throw new MessagingException(ErrorCode.UNAVAILABLE, "not sent", true, error);
                }
            } catch (InterruptedException e) {
                throw new MessagingException(ErrorCode.UNAVAILABLE, "not sent", true, e);
            } finally {
                sender.close(TIMEOUT);
            }
        }
    }
}
