package io.anymq.tck.flaw;

import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.WireHeaders;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingOutbound;
import io.anymq.tck.wrap.ForwardingSender;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Defects of sending. */
final class SendFlaws {
    private SendFlaws() {}

    interface Change {
        List<? extends OutboundMessage> apply(Address address, OutboundMessage message);
    }

    static UnaryOperator<BrokerConnection> changing(Change change) {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerSender openSender(Address address, SenderOptions options) {
                return new ForwardingSender(super.openSender(address, options)) {
                    @Override
                    protected List<? extends OutboundMessage> forward(OutboundMessage message) {
                        return change.apply(address, message);
                    }
                };
            }
        };
    }

    static UnaryOperator<BrokerConnection> rewriting(UnaryOperator<OutboundMessage> rewrite) {
        return changing((address, message) -> List.of(rewrite.apply(message)));
    }

    static List<OutboundMessage> dropped(OutboundMessage message) {
        message.confirmed(null);
        return List.of();
    }

    static UnaryOperator<BrokerConnection> dropsEveryTenth() {
        AtomicInteger count = new AtomicInteger();
        return changing((address, message) -> count.incrementAndGet() % 10 == 0 ? dropped(message) : List.of(message));
    }

    static UnaryOperator<BrokerConnection> duplicates() {
        AtomicInteger count = new AtomicInteger();
        return changing(
                (address, message) -> count.incrementAndGet() % 5 == 0 ? List.of(message, message) : List.of(message));
    }

    /** On this broker a send reports its outcome before it returns. */
    static UnaryOperator<BrokerConnection> reportsUnderALock() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerSender openSender(Address address, SenderOptions options) {
                return new ForwardingSender(super.openSender(address, options)) {
                    @Override
                    public synchronized void send(OutboundMessage message) {
                        super.send(message);
                    }
                };
            }
        };
    }

    /** Passes the data on and keeps the outcome to itself. */
    private static class Mute extends ForwardingOutbound {
        Mute(OutboundMessage message) {
            super(message);
        }

        @Override
        public void confirmed(@Nullable Object nativeReceipt) {}

        @Override
        public void rejected(MessagingException error) {}

        @Override
        public void unknown(MessagingException error) {}
    }

    static UnaryOperator<BrokerConnection> confirmsTooEarly() {
        return rewriting(message -> {
            message.confirmed(null);
            return new Mute(message);
        });
    }

    static UnaryOperator<BrokerConnection> obeysHeaders() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public long deliverAtMillis() {
                String delay = headers().get("x-delay");
                return delay == null ? super.deliverAtMillis() : System.currentTimeMillis() + Long.parseLong(delay);
            }
        });
    }

    static UnaryOperator<BrokerConnection> neverConfirms() {
        AtomicInteger count = new AtomicInteger();
        return rewriting(message -> count.incrementAndGet() % 10 == 0 ? new Mute(message) : message);
    }

    static UnaryOperator<BrokerConnection> failureAsConfirmed() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public void rejected(MessagingException error) {
                confirmed(null);
            }

            @Override
            public void unknown(MessagingException error) {
                confirmed(null);
            }
        });
    }

    static UnaryOperator<BrokerConnection> replacesTheId() {
        return rewriting(message -> {
            String id = UUID.randomUUID().toString();
            return new ForwardingOutbound(message) {
                @Override
                public String id() {
                    return id;
                }
            };
        });
    }

    static UnaryOperator<BrokerConnection> losesTheKey() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public @Nullable String key() {
                return null;
            }
        });
    }

    static UnaryOperator<BrokerConnection> headers(UnaryOperator<Map<String, String>> change) {
        return rewriting(message -> {
            Map<String, String> changed = change.apply(message.headers());
            return new ForwardingOutbound(message) {
                @Override
                public Map<String, String> headers() {
                    return changed;
                }
            };
        });
    }

    static UnaryOperator<BrokerConnection> forgetsHeaders() {
        return headers(headers -> Map.of());
    }

    static UnaryOperator<BrokerConnection> foldsHeaderNames() {
        return headers(headers -> {
            Map<String, String> folded = new LinkedHashMap<>();
            headers.forEach((name, value) -> folded.put(name.toLowerCase(Locale.ROOT), value));
            return folded;
        });
    }

    static UnaryOperator<BrokerConnection> renamesDeadLetters() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public String id() {
                return headers().containsKey(WireHeaders.DEAD_REASON) ? super.id() + "-dead" : super.id();
            }
        });
    }

    static UnaryOperator<BrokerConnection> keepsOwnHeadersOnly() {
        return headers(headers -> {
            Map<String, String> own = new LinkedHashMap<>(headers);
            own.keySet().removeIf(name -> !name.startsWith("mq-"));
            return own;
        });
    }

    static UnaryOperator<BrokerConnection> callsEverythingBinary() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public String contentType() {
                return super.contentType().startsWith("text/") ? super.contentType() : "application/octet-stream";
            }
        });
    }

    static UnaryOperator<BrokerConnection> forgetsHowItWasStored() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public String storedAs() {
                return "";
            }
        });
    }

    static UnaryOperator<BrokerConnection> forgetsProperties() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public @Nullable InboundMessage received() {
                return null;
            }
        });
    }

    static UnaryOperator<BrokerConnection> stripsFailureHeaders() {
        return headers(headers -> {
            Map<String, String> stripped = new LinkedHashMap<>(headers);
            stripped.keySet().removeIf(name -> name.startsWith("mq-"));
            return stripped;
        });
    }

    static UnaryOperator<BrokerConnection> forgetsEarlierLetters() {
        return headers(headers -> {
            Map<String, String> kept = new LinkedHashMap<>(headers);
            kept.keySet().removeIf(name -> name.matches("mq-dead-.*-[0-9]"));
            return kept;
        });
    }

    static UnaryOperator<BrokerConnection> forgetsTheRedrive() {
        return headers(headers -> {
            Map<String, String> kept = new LinkedHashMap<>(headers);
            kept.remove(WireHeaders.REDRIVE);
            return kept;
        });
    }

    static UnaryOperator<BrokerConnection> forgetsRedrives() {
        return headers(headers -> {
            Map<String, String> kept = new LinkedHashMap<>(headers);
            kept.remove(WireHeaders.REDRIVES);
            return kept;
        });
    }

    static UnaryOperator<BrokerConnection> forgetsTheFirstAttempt() {
        return headers(headers -> {
            Map<String, String> kept = new LinkedHashMap<>(headers);
            kept.remove(WireHeaders.FIRST_ATTEMPT_AT);
            return kept;
        });
    }

    static UnaryOperator<BrokerConnection> renamesRetries() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public String id() {
                return headers().containsKey(WireHeaders.ATTEMPTS)
                        ? super.id() + "-" + headers().get(WireHeaders.ATTEMPTS)
                        : super.id();
            }
        });
    }

    static UnaryOperator<BrokerConnection> corruptsUnicode() {
        return headers(headers -> {
            Map<String, String> corrupt = new LinkedHashMap<>();
            headers.forEach((name, value) -> corrupt.put(
                    name, new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1)));
            return corrupt;
        });
    }

    static UnaryOperator<BrokerConnection> forgetsTheContentType() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public String contentType() {
                return "text/plain; charset=utf-8";
            }
        });
    }

    static UnaryOperator<BrokerConnection> dropsContentTypeParameters() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public String contentType() {
                return super.contentType().replaceAll(";.*", "");
            }
        });
    }

    static UnaryOperator<BrokerConnection> dropsEmptyBodies() {
        return changing((address, message) -> message.body().length == 0 ? dropped(message) : List.of(message));
    }

    static UnaryOperator<BrokerConnection> truncatesBodies() {
        return rewriting(message -> message.body().length <= 65_536
                ? message
                : new ForwardingOutbound(message) {
                    @Override
                    public byte[] body() {
                        return Arrays.copyOf(super.body(), 65_536);
                    }
                });
    }

    private static OutboundMessage at(OutboundMessage message, long deliverAtMillis) {
        return new ForwardingOutbound(message) {
            @Override
            public long deliverAtMillis() {
                return deliverAtMillis;
            }
        };
    }

    static UnaryOperator<BrokerConnection> ignoresDelay() {
        return rewriting(message -> at(message, 0));
    }

    static UnaryOperator<BrokerConnection> holdsBehindDelayed() {
        AtomicLong latest = new AtomicLong();
        return rewriting(message -> at(message, latest.accumulateAndGet(message.deliverAtMillis(), Math::max)));
    }

    static UnaryOperator<BrokerConnection> dropsDeadLetters() {
        return changing(
                (address, message) -> address.toString().endsWith("-dead") ? dropped(message) : List.of(message));
    }

    static UnaryOperator<BrokerConnection> redeliversToAll() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerSender openSender(Address address, SenderOptions options) {
                if (address instanceof Address.Redelivery back && back.origin() instanceof Address.OfSubscription of) {
                    return super.openSender(of.topic(), options);
                }
                return super.openSender(address, options);
            }
        };
    }

    static UnaryOperator<BrokerConnection> cutsTheTime() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public long sentAtMillis() {
                return super.sentAtMillis() / 1_000 * 1_000;
            }
        });
    }

    static UnaryOperator<BrokerConnection> forgetsRepetitions() {
        Set<String> known = ConcurrentHashMap.newKeySet();
        return changing((address, message) -> known.add(message.id()) ? List.of(message) : dropped(message));
    }

    static UnaryOperator<BrokerConnection> callsFailuresPermanent() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public void rejected(MessagingException error) {
                super.rejected(new MessagingException(error.code(), String.valueOf(error.getMessage())));
            }

            @Override
            public void unknown(MessagingException error) {
                super.unknown(new MessagingException(error.code(), String.valueOf(error.getMessage())));
            }
        });
    }

    static UnaryOperator<BrokerConnection> inventsAKey() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public String key() {
                String key = super.key();
                return key == null ? "" : key;
            }
        });
    }

    /** Delayed messages come half a second before their time. */
    static UnaryOperator<BrokerConnection> roundsDelayDown() {
        return rewriting(message -> at(message, message.deliverAtMillis() / 500 * 500));
    }

    static UnaryOperator<BrokerConnection> foldsKeys() {
        return rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public @Nullable String key() {
                String key = super.key();
                return key == null ? null : key.toLowerCase(Locale.ROOT);
            }
        });
    }
}
