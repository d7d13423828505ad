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
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import io.anymq.spi.WireMessage;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Defects of what passes for a transaction. */
final class ChainFlaws {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

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
            acknowledge(sent.stream().map(Chain::input).toList());
            sent.forEach(Chain::committed);
        }

        private void send(Chain.Output output) {
            BrokerSender sender = connection.openSender(output.address(), new SenderOptions(1, TIMEOUT));
            try {
                AsOutbound message = new AsOutbound(output.message());
                sender.send(message);
                message.outcome.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (Exception e) {
                throw new MessagingException(ErrorCode.UNAVAILABLE, "not sent", true, e);
            } finally {
                sender.close(TIMEOUT);
            }
        }
    }

    private static final class AsOutbound implements OutboundMessage {
        private final WireMessage data;
        final CompletableFuture<Void> outcome = new CompletableFuture<>();

        AsOutbound(WireMessage data) {
            this.data = data;
        }

        @Override
        public String id() {
            return data.id();
        }

        @Override
        public @Nullable String key() {
            return data.key();
        }

        @Override
        public byte[] body() {
            return data.body();
        }

        @Override
        public String contentType() {
            return data.contentType();
        }

        @Override
        public Map<String, String> headers() {
            return data.headers();
        }

        @Override
        public long sentAtMillis() {
            return data.sentAtMillis();
        }

        @Override
        public long deliverAtMillis() {
            return data.deliverAtMillis();
        }

        @Override
        public int lane() {
            return data.lane();
        }

        @Override
        public void confirmed(@Nullable Object nativeReceipt) {
            outcome.complete(null);
        }

        @Override
        public void rejected(MessagingException error) {
            outcome.completeExceptionally(error);
        }

        @Override
        public void unknown(MessagingException error) {
            outcome.completeExceptionally(error);
        }
    }
}
