package io.anymq.tck.flaw;

import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Defects that show only with many keys, consumers or connections, in a small window, or after a while. */
final class ScaleFlaws {
    private static final int KEYS = 64;

    private ScaleFlaws() {}

    /** A receiver with the address and the options that it was opened with. */
    private interface Flawed {
        BrokerReceiver apply(BrokerReceiver receiver, Address address, ReceiverOptions options);
    }

    private static UnaryOperator<BrokerConnection> receiving(Flawed flawed) {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return flawed.apply(super.openReceiver(address, options, listener), address, options);
            }
        };
    }

    static UnaryOperator<BrokerConnection> acknowledgesWhenFull() {
        return receiving((receiver, address, options) -> new ForwardingReceiver(receiver) {
            private final IdentityHashMap<InboundMessage, Boolean> unsettled = new IdentityHashMap<>();

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                if (unsettled.size() >= options.maxInFlight()) {
                    super.acknowledge(List.copyOf(unsettled.keySet()));
                    unsettled.clear();
                }
                List<? extends InboundMessage> messages = super.receive(max, wait);
                messages.forEach(message -> unsettled.put(message, true));
                return messages;
            }

            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {
                super.acknowledge(messages.stream()
                        .filter(message -> unsettled.remove(message) != null)
                        .toList());
            }
        });
    }

    static UnaryOperator<BrokerConnection> forgetsKeysBeyond64() {
        return receiving((receiver, address, options) -> new ForwardingReceiver(receiver) {
            private final Set<String> known = new HashSet<>();

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<InboundMessage> inOrder = new ArrayList<>();
                List<InboundMessage> forgotten = new ArrayList<>();
                for (InboundMessage message : super.receive(max, wait)) {
                    boolean isKnown = message.key() == null || known.contains(message.key()) || known.size() < KEYS;
                    if (isKnown) {
                        known.add(String.valueOf(message.key()));
                    }
                    (isKnown ? inOrder : forgotten).add(message);
                }
                Collections.reverse(forgotten);
                inOrder.addAll(forgotten);
                return inOrder;
            }
        });
    }

    private record Stray(BrokerReceiver owner, InboundMessage message) {}

    /** With three receivers and more, every third message goes to another one than the one that has its key. */
    static UnaryOperator<BrokerConnection> overlapsWithThree() {
        Queue<Stray> common = new ConcurrentLinkedQueue<>();
        AtomicInteger open = new AtomicInteger();
        return receiving((receiver, address, options) -> {
            open.incrementAndGet();
            return new ForwardingReceiver(receiver) {
                private final Set<InboundMessage> strays = Collections.newSetFromMap(new IdentityHashMap<>());
                private int seen;
                private boolean closed;

                @Override
                public List<? extends InboundMessage> receive(int max, Duration wait) {
                    List<InboundMessage> mine = new ArrayList<>();
                    for (Stray stray : List.copyOf(common)) {
                        if (max > 0 && stray.owner() != this && common.remove(stray)) {
                            mine.add(stray.message());
                            strays.add(stray.message());
                        }
                    }
                    for (InboundMessage message : super.receive(max, mine.isEmpty() ? wait : Duration.ZERO)) {
                        mine.add(message);
                        if (open.get() > 2 && ++seen % 3 == 0) {
                            common.add(new Stray(this, message));
                        }
                    }
                    return mine;
                }

                @Override
                public void acknowledge(List<? extends InboundMessage> messages) {
                    super.acknowledge(messages.stream()
                            .filter(message -> !strays.contains(message))
                            .toList());
                }

                @Override
                public void close(Duration timeout) {
                    if (!closed) {
                        closed = true;
                        open.decrementAndGet();
                    }
                    super.close(timeout);
                }
            };
        });
    }

    static UnaryOperator<BrokerConnection> ordersTopicsByKey() {
        return receiving((receiver, address, options) -> !(address instanceof Address.OfSubscription of)
                        || of.subscription().ordering() != Ordering.TOTAL
                ? receiver
                : new ForwardingReceiver(receiver) {
                    @Override
                    public List<? extends InboundMessage> receive(int max, Duration wait) {
                        List<InboundMessage> messages = new ArrayList<>(super.receive(max, wait));
                        messages.sort(Comparator.comparing(message -> String.valueOf(message.key())));
                        return messages;
                    }
                });
    }

    static UnaryOperator<BrokerConnection> starvesSiblings() {
        Map<String, Set<BrokerReceiver>> paused = new ConcurrentHashMap<>();
        return receiving((receiver, address, options) -> {
            if (!(address instanceof Address.OfSubscription of)) {
                return receiver;
            }
            Set<BrokerReceiver> siblings =
                    paused.computeIfAbsent(of.subscription().topic().name(), topic -> ConcurrentHashMap.newKeySet());
            return new ForwardingReceiver(receiver) {
                @Override
                public List<? extends InboundMessage> receive(int max, Duration wait) {
                    if (max == 0) {
                        siblings.add(this);
                    } else {
                        siblings.remove(this);
                    }
                    return super.receive(siblings.isEmpty() ? max : 0, wait);
                }

                @Override
                public void close(Duration timeout) {
                    siblings.remove(this);
                    super.close(timeout);
                }
            };
        });
    }

    /** Once more, all of it: what a receiver has handed out comes again by the next one. */
    static UnaryOperator<BrokerConnection> replaysAfterAReset() {
        Map<String, List<InboundMessage>> all = new ConcurrentHashMap<>();
        return receiving((receiver, address, options) -> new ForwardingReceiver(receiver) {
            private final List<InboundMessage> log = all.computeIfAbsent(
                    String.valueOf(address), key -> Collections.synchronizedList(new ArrayList<>()));
            private final List<InboundMessage> again = new ArrayList<>(log);
            private final Set<InboundMessage> own = Collections.newSetFromMap(new IdentityHashMap<>());

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                if (max > 0 && !again.isEmpty()) {
                    List<InboundMessage> some = List.copyOf(again.subList(0, Math.min(max, again.size())));
                    again.subList(0, some.size()).clear();
                    return some;
                }
                List<? extends InboundMessage> messages = super.receive(max, wait);
                log.addAll(messages);
                own.addAll(messages);
                return messages;
            }

            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {
                super.acknowledge(messages.stream().filter(own::contains).toList());
            }
        });
    }
}
