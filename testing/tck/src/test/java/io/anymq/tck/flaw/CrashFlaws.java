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
import io.anymq.tck.wrap.ForwardingInbound;
import io.anymq.tck.wrap.ForwardingReceiver;
import io.anymq.tck.wrap.ForwardingSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Defects that show when a consumer is killed at the wrong moment. */
final class CrashFlaws {
    private CrashFlaws() {}

    static UnaryOperator<BrokerConnection> commitsByItself() {
        return ReceiveFlaws.receiving(receiver -> new ForwardingReceiver(receiver) {
            private List<? extends InboundMessage> handedOut = List.of();

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                acknowledge(handedOut);
                handedOut = super.receive(max, wait);
                return handedOut;
            }
        });
    }

    static UnaryOperator<BrokerConnection> settlesAtTheStart() {
        return ReceiveFlaws.receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                BrokerReceiver sound = receiver;
                return super.receive(max, wait).stream()
                        .map(message -> new ForwardingInbound(message) {
                            @Override
                            public void attempts(int total) {
                                sound.acknowledge(List.of(original()));
                            }
                        })
                        .toList();
            }
        });
    }

    static UnaryOperator<BrokerConnection> settlesTheFetch() {
        return ReceiveFlaws.receiving(receiver -> new ForwardingReceiver(receiver) {
            private final List<InboundMessage> fetched = new ArrayList<>();

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<? extends InboundMessage> messages = super.receive(max, wait);
                fetched.addAll(messages);
                return messages;
            }

            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {
                super.acknowledge(fetched);
                fetched.clear();
            }
        });
    }

    static UnaryOperator<BrokerConnection> refusesKnownIds() {
        Set<String> sent = ConcurrentHashMap.newKeySet();
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerSender openSender(Address address, SenderOptions options) {
                return new ForwardingSender(super.openSender(address, options)) {
                    @Override
                    protected List<? extends OutboundMessage> forward(OutboundMessage message) {
                        if (sent.add(address + " " + message.id())) {
                            return List.of(message);
                        }
                        message.rejected(new MessagingException(ErrorCode.FULL, "known", true, null));
                        return List.of();
                    }
                };
            }
        };
    }

    static UnaryOperator<BrokerConnection> spoilsRedeliveries() {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return new ForwardingReceiver(super.openReceiver(address, options, listener)) {
                    @Override
                    public List<? extends InboundMessage> receive(int max, Duration wait) {
                        return super.receive(max, wait).stream()
                                .map(message -> seen.add(address + " " + message.id()) ? message : spoilt(message))
                                .toList();
                    }
                };
            }
        };
    }

    private static InboundMessage spoilt(InboundMessage message) {
        return new ForwardingInbound(message) {
            @Override
            public byte[] body() {
                return Arrays.copyOf(super.body(), super.body().length + 1);
            }
        };
    }
}
