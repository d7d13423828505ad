package io.anymq.tck.flaw;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingInbound;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** Defects of receiving and settling. */
final class ReceiveFlaws {
    private ReceiveFlaws() {}

    static UnaryOperator<BrokerConnection> receiving(UnaryOperator<BrokerReceiver> flawed) {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return flawed.apply(super.openReceiver(address, options, listener));
            }
        };
    }

    static UnaryOperator<BrokerConnection> reorders() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<InboundMessage> reversed = new ArrayList<>(super.receive(max, wait));
                Collections.reverse(reversed);
                return reversed;
            }
        });
    }

    static UnaryOperator<BrokerConnection> reordersLetters() {
        UnaryOperator<BrokerConnection> reordering = reorders();
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                BrokerConnection chosen =
                        address.toString().endsWith("-dead") ? reordering.apply(connection) : connection;
                return chosen.openReceiver(address, options, listener);
            }
        };
    }

    private record Stray(BrokerReceiver owner, InboundMessage message) {}

    /** Every other message goes to another receiver. */
    static UnaryOperator<BrokerConnection> overlapsALane() {
        Queue<Stray> common = new ConcurrentLinkedQueue<>();
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            private final Set<InboundMessage> own = Collections.newSetFromMap(new IdentityHashMap<>());
            private int seen;

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<InboundMessage> mine = new ArrayList<>();
                for (Stray stray : List.copyOf(common)) {
                    if (stray.owner() != this && common.remove(stray)) {
                        mine.add(stray.message());
                    }
                }
                for (InboundMessage message : super.receive(max, mine.isEmpty() ? wait : Duration.ZERO)) {
                    if (++seen % 2 == 0) {
                        common.add(new Stray(this, message));
                    } else {
                        own.add(message);
                        mine.add(message);
                    }
                }
                return mine;
            }

            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {
                super.acknowledge(messages.stream().filter(own::contains).toList());
            }
        });
    }

    static UnaryOperator<BrokerConnection> oneAtATime() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            private final Set<String> outstanding = new HashSet<>();

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<? extends InboundMessage> messages =
                        super.receive(outstanding.isEmpty() ? Math.min(1, max) : 0, wait);
                messages.forEach(message -> outstanding.add(message.id()));
                return messages;
            }

            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {
                messages.forEach(message -> outstanding.remove(message.id()));
                super.acknowledge(messages);
            }
        });
    }

    static UnaryOperator<BrokerConnection> ignoresTheMaximum() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                return super.receive(max == 0 ? 0 : 1_000, wait);
            }
        });
    }

    /** Fetches all that is there, and keeps what it was not asked for. */
    static UnaryOperator<BrokerConnection> fetchesEverything() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            private final Deque<InboundMessage> fetched = new ArrayDeque<>();

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                fetched.addAll(super.receive(max == 0 ? 0 : 100_000, fetched.isEmpty() ? wait : Duration.ZERO));
                List<InboundMessage> taken = new ArrayList<>();
                while (taken.size() < max && !fetched.isEmpty()) {
                    taken.add(fetched.remove());
                }
                return taken;
            }
        });
    }

    static UnaryOperator<BrokerConnection> stopsAtTheLimit() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return new ForwardingReceiver(super.openReceiver(address, options, listener)) {
                    private int unsettled;

                    @Override
                    public List<? extends InboundMessage> receive(int max, Duration wait) {
                        int room = Math.max(0, Math.min(max, options.maxInFlight() - unsettled));
                        List<? extends InboundMessage> messages = super.receive(room, wait);
                        unsettled += messages.size();
                        return messages;
                    }

                    @Override
                    public void acknowledge(List<? extends InboundMessage> messages) {
                        unsettled -= messages.size();
                        super.acknowledge(messages);
                    }
                };
            }
        };
    }

    static UnaryOperator<BrokerConnection> acknowledgesEarly() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<? extends InboundMessage> messages = super.receive(max, wait);
                acknowledge(messages);
                return messages;
            }
        });
    }

    static UnaryOperator<BrokerConnection> forgetsAcknowledgements() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {}
        });
    }

    static UnaryOperator<BrokerConnection> acknowledgesLate() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            private List<InboundMessage> late = List.of();

            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {
                if (!late.isEmpty()) {
                    super.acknowledge(late);
                }
                late = List.copyOf(messages);
            }
        });
    }

    /** Settles what was handed out and not acknowledged, when it is closed. */
    static UnaryOperator<BrokerConnection> losesTheRestOnClose() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            private final List<InboundMessage> out = new ArrayList<>();

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<? extends InboundMessage> messages = super.receive(max, wait);
                out.addAll(messages);
                return messages;
            }

            @Override
            public void close(Duration timeout) {
                try {
                    acknowledge(out);
                } catch (MessagingException e) {
                    // the connection is gone, and with it what was out
                }
                super.close(timeout);
            }
        });
    }

    private static UnaryOperator<BrokerConnection> counting(UnaryOperator<InboundMessage> counted) {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<InboundMessage> messages = new ArrayList<>();
                for (InboundMessage message : super.receive(max, wait)) {
                    messages.add(counted.apply(message));
                }
                return messages;
            }
        });
    }

    private static InboundMessage withCount(InboundMessage message, int count) {
        return new ForwardingInbound(message) {
            @Override
            public int deliveryCount() {
                return count;
            }
        };
    }

    static UnaryOperator<BrokerConnection> countsHandOuts() {
        Map<String, Integer> handedOut = new ConcurrentHashMap<>();
        return counting(message -> withCount(message, handedOut.merge(message.id(), 1, Integer::sum)));
    }

    static UnaryOperator<BrokerConnection> forgetsTheCount() {
        return counting(message -> withCount(message, 1));
    }

    static UnaryOperator<BrokerConnection> readsItsOwnHeadersOnly() {
        return counting(message -> !message.headers().containsKey("x-origin")
                ? message
                : new ForwardingInbound(message) {
                    @Override
                    public Map<String, String> headers() {
                        return Map.of();
                    }
                });
    }

    static UnaryOperator<BrokerConnection> confusesKeysThatAreNotText() {
        return counting(message -> new ForwardingInbound(message) {
            @Override
            public String key() {
                String key = super.key();
                return key == null ? null : new String(key.getBytes(UTF_8), UTF_8);
            }
        });
    }

    static UnaryOperator<BrokerConnection> skipsWhatIsBroken() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<InboundMessage> sound = new ArrayList<>(super.receive(max, wait));
                List<InboundMessage> broken = sound.stream()
                        .filter(message -> message.undecodable() != null)
                        .toList();
                acknowledge(broken);
                sound.removeAll(broken);
                return sound;
            }
        });
    }

    static UnaryOperator<BrokerConnection> skipsEmptyBodies() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<InboundMessage> full = new ArrayList<>(super.receive(max, wait));
                List<InboundMessage> empty = full.stream()
                        .filter(message -> message.size() == 0 || message.body().length == 0)
                        .toList();
                acknowledge(empty);
                full.removeAll(empty);
                return full;
            }
        });
    }

    static UnaryOperator<BrokerConnection> failsOnWhatIsBroken() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<? extends InboundMessage> messages = super.receive(max, wait);
                for (InboundMessage message : messages) {
                    if (message.undecodable() != null) {
                        throw new MessagingException(ErrorCode.INTERNAL, "reading a message failed", true, null);
                    }
                }
                return messages;
            }
        });
    }

    static UnaryOperator<BrokerConnection> stopsCounting() {
        return counting(message -> message.deliveryCount() > 2 ? withCount(message, 2) : message);
    }

    static UnaryOperator<BrokerConnection> stopsCountingAtThree() {
        return counting(message -> message.deliveryCount() > 3 ? withCount(message, 3) : message);
    }

    static UnaryOperator<BrokerConnection> keepsAttemptsThatAreTakenBack() {
        return counting(ReceiveFlaws::keepingAttempts);
    }

    static UnaryOperator<BrokerConnection> keepsAttemptsOfRedeliveries() {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        return counting(message -> seen.add(message.id()) ? message : keepingAttempts(message));
    }

    private static InboundMessage keepingAttempts(InboundMessage message) {
        return new ForwardingInbound(message) {
            private int most;

            @Override
            public void attempts(int total) {
                most = Math.max(most, total);
                super.attempts(most);
            }
        };
    }

    static UnaryOperator<BrokerConnection> givesUpOnRestart() {
        return receiving(receiver -> new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                try {
                    return super.receive(max, wait);
                } catch (MessagingException e) {
                    throw new MessagingException(e.code(), e.getMessage(), false, e);
                }
            }
        });
    }
}
