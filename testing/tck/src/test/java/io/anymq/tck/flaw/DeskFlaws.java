package io.anymq.tck.flaw;

import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerBrowser;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.WireHeaders;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Defects that show at the dead-letter desk. */
final class DeskFlaws {
    private static final LaneListener DEAF = new LaneListener() {
        @Override
        public void lanesRevoked(Collection<Lane> lanes) {}

        @Override
        public void lanesLost(Collection<Lane> lanes) {}
    };

    private DeskFlaws() {}

    private interface Browsing {
        BrokerBrowser browser(BrokerConnection connection, Address.OfSource address);
    }

    private static UnaryOperator<BrokerConnection> browsing(Browsing flawed) {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerBrowser openBrowser(Address.OfSource address) {
                return flawed.browser(connection, address);
            }
        };
    }

    /** Acknowledges what it has shown. */
    static UnaryOperator<BrokerConnection> takesWhatItShows() {
        return browsing((connection, address) -> new BrokerBrowser() {
            private final BrokerReceiver receiver = connection.openReceiver(
                    address, new ReceiverOptions("look", 1_000, 1 << 20, Duration.ofSeconds(1)), DEAF);

            @Override
            public List<? extends InboundMessage> next(int max) {
                List<? extends InboundMessage> page = receiver.receive(max, Duration.ofMillis(100));
                receiver.acknowledge(page);
                return page;
            }

            @Override
            public void close(Duration timeout) {
                receiver.close(timeout);
            }
        });
    }

    static UnaryOperator<BrokerConnection> showsOnePage() {
        return browsing((connection, address) -> {
            BrokerBrowser browser = connection.openBrowser(address);
            return new BrokerBrowser() {
                private boolean shown;

                @Override
                public List<? extends InboundMessage> next(int max) {
                    if (shown) {
                        return List.of();
                    }
                    shown = true;
                    return browser.next(max);
                }

                @Override
                public void close(Duration timeout) {
                    browser.close(timeout);
                }
            };
        });
    }

    private static UnaryOperator<BrokerConnection> withoutHeader(String name) {
        return SendFlaws.headers(headers -> {
            Map<String, String> kept = new LinkedHashMap<>(headers);
            kept.remove(name);
            return kept;
        });
    }

    static UnaryOperator<BrokerConnection> forgetsThePlace() {
        return withoutHeader(WireHeaders.DEAD_THROWN_AT);
    }

    static UnaryOperator<BrokerConnection> forgetsTheOriginal() {
        return withoutHeader(WireHeaders.EDITED_FROM);
    }

    /** As if a settlement said that all before it is done, too. */
    static UnaryOperator<BrokerConnection> acknowledgesWhatLiesBefore() {
        return ReceiveFlaws.receiving(receiver -> new ForwardingReceiver(receiver) {
            private final List<InboundMessage> out = new ArrayList<>();

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<? extends InboundMessage> messages = super.receive(max, wait);
                out.addAll(messages);
                return messages;
            }

            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {
                if (messages.isEmpty()) {
                    return;
                }
                int last = out.indexOf(messages.get(messages.size() - 1));
                List<InboundMessage> before = out.subList(0, last + 1);
                super.acknowledge(before);
                before.clear();
            }
        });
    }

    static UnaryOperator<BrokerConnection> hidesAnOutage() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return new Hiding(super.openReceiver(address, options, DEAF));
            }

            @Override
            public Health probe(Duration timeout) {
                return Health.up("surely");
            }
        };
    }

    private static final class Hiding extends ForwardingReceiver {
        private List<InboundMessage> late = List.of();

        Hiding(BrokerReceiver receiver) {
            super(receiver);
        }

        @Override
        public List<? extends InboundMessage> receive(int max, Duration wait) {
            try {
                return super.receive(max, wait);
            } catch (MessagingException e) {
                return List.of();
            }
        }

        @Override
        public void acknowledge(List<? extends InboundMessage> messages) {
            try {
                super.acknowledge(late);
            } catch (MessagingException e) {
                // the connection is gone, and with it what was out
            }
            late = List.copyOf(messages);
        }
    }

    /** Does not pass on what is acknowledged in the moment before the end. */
    static UnaryOperator<BrokerConnection> forgetsTheLastAcknowledgement() {
        return ReceiveFlaws.acknowledgesLate();
    }
}
