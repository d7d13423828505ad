package io.anymq.tck.flaw;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.InboundMessage;
import io.anymq.tck.wrap.ForwardingInbound;
import io.anymq.tck.wrap.ForwardingOutbound;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Defects that a rule's assertions let pass, because they are about something else; the rule's history does not. */
final class HistoryFlaws {
    private static final String SOME = "m00007";

    private HistoryFlaws() {}

    private static boolean isText(byte[] body, String text) {
        return new String(body, StandardCharsets.UTF_8).equals(text);
    }

    /** Once; it looks like a rewind, which skips nothing. */
    static UnaryOperator<BrokerConnection> repeatsWhatIsSettled() {
        AtomicBoolean done = new AtomicBoolean();
        return ReceiveFlaws.receiving(receiver -> new ForwardingReceiver(receiver) {
            private @Nullable InboundMessage again;

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                InboundMessage repeated = again;
                if (repeated == null || max == 0) {
                    return super.receive(max, wait);
                }
                again = null;
                List<InboundMessage> messages = new ArrayList<>(List.of(repeated));
                messages.addAll(super.receive(max - 1, Duration.ZERO));
                return messages;
            }

            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {
                for (InboundMessage message : messages) {
                    if (isText(message.body(), "good 1") && done.compareAndSet(false, true)) {
                        again = message;
                    }
                }
                super.acknowledge(messages);
            }
        });
    }

    /** Only one, which is not sent again: the sender may do so, but need not. */
    static UnaryOperator<BrokerConnection> rejectsWhatItStores() {
        return SendFlaws.rewriting(message -> !isText(message.body(), SOME)
                ? message
                : new ForwardingOutbound(message) {
                    @Override
                    public void confirmed(@Nullable Object nativeReceipt) {
                        rejected(new MessagingException(ErrorCode.UNAVAILABLE, "not stored", true, null));
                    }
                });
    }

    private static UnaryOperator<BrokerConnection> changing(UnaryOperator<InboundMessage> change) {
        return ReceiveFlaws.receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                return super.receive(max, wait).stream().map(change).toList();
            }
        });
    }

    static UnaryOperator<BrokerConnection> countsFromTwo() {
        return changing(message -> !isText(message.body(), SOME)
                ? message
                : new ForwardingInbound(message) {
                    @Override
                    public int deliveryCount() {
                        return super.deliveryCount() + 1;
                    }
                });
    }

    static UnaryOperator<BrokerConnection> changesKeysOfRedeliveries() {
        return changing(message -> message.deliveryCount() < 2
                ? message
                : new ForwardingInbound(message) {
                    @Override
                    public @Nullable String key() {
                        return super.key() + "-again";
                    }
                });
    }
}
