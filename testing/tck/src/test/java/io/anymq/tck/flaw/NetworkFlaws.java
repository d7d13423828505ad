package io.anymq.tck.flaw;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingOutbound;
import io.anymq.tck.wrap.ForwardingReceiver;
import io.anymq.tck.wrap.ForwardingSender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Defects that show only when the network is slow or broken. */
final class NetworkFlaws {
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration AT_ONCE = Duration.ofMillis(20);

    private NetworkFlaws() {}

    /** Remembers whether an outcome came. */
    private static final class Watched extends ForwardingOutbound {
        private final AtomicBoolean ended = new AtomicBoolean();

        Watched(OutboundMessage message) {
            super(message);
        }

        boolean end() {
            return ended.compareAndSet(false, true);
        }

        @Override
        public void confirmed(@Nullable Object nativeReceipt) {
            if (end()) {
                super.confirmed(nativeReceipt);
            }
        }

        @Override
        public void rejected(MessagingException error) {
            if (end()) {
                super.rejected(error);
            }
        }

        @Override
        public void unknown(MessagingException error) {
            if (end()) {
                super.unknown(error);
            }
        }
    }

    private interface Impatience {
        void act(BrokerSender sender, OutboundMessage message);
    }

    /** Does something about every message that has no outcome after a while. */
    private static UnaryOperator<BrokerConnection> without(Duration answerIn, Impatience impatience) {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerSender openSender(Address address, SenderOptions options) {
                BrokerSender sender = super.openSender(address, options);
                return new ForwardingSender(sender) {
                    @Override
                    protected List<? extends OutboundMessage> forward(OutboundMessage message) {
                        Watched watched = new Watched(message);
                        CompletableFuture.delayedExecutor(answerIn.toMillis(), TimeUnit.MILLISECONDS)
                                .execute(() -> {
                                    if (!watched.ended.get()) {
                                        impatience.act(sender, watched);
                                    }
                                });
                        return List.of(watched);
                    }
                };
            }
        };
    }

    private static UnaryOperator<BrokerConnection> ending(Consumer<OutboundMessage> outcome) {
        return without(SOON, (sender, message) -> outcome.accept(message));
    }

    static UnaryOperator<BrokerConnection> silenceAsRejected() {
        return ending(message ->
                message.rejected(new MessagingException(ErrorCode.TIMEOUT, "there was no answer", true, null)));
    }

    static UnaryOperator<BrokerConnection> silenceAsConfirmed() {
        return ending(message -> message.confirmed(null));
    }

    static UnaryOperator<BrokerConnection> repeatsWhatIsSlow() {
        return without(AT_ONCE, BrokerSender::send);
    }

    static UnaryOperator<BrokerConnection> doesNotNoticeSilence() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return new ForwardingReceiver(super.openReceiver(address, options, listener)) {
                    @Override
                    public List<? extends InboundMessage> receive(int max, Duration wait) {
                        try {
                            return super.receive(max, wait);
                        } catch (MessagingException e) {
                            LockSupport.parkNanos(wait.toNanos());
                            return List.of();
                        }
                    }
                };
            }
        };
    }
}
