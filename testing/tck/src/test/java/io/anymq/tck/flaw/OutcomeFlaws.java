package io.anymq.tck.flaw;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ProvisionMode;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingOutbound;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Defects of what is said about a send, a delay or a connection. */
final class OutcomeFlaws {
    private static final int MEBIBYTE = 1 << 20;

    private OutcomeFlaws() {}

    static UnaryOperator<BrokerConnection> cutsLargeBodies() {
        return SendFlaws.rewriting(message -> message.body().length <= MEBIBYTE
                ? message
                : new ForwardingOutbound(message) {
                    @Override
                    public byte[] body() {
                        return Arrays.copyOf(super.body(), MEBIBYTE);
                    }
                });
    }

    static UnaryOperator<BrokerConnection> addsToDelays() {
        return SendFlaws.rewriting(message -> new ForwardingOutbound(message) {
            @Override
            public long deliverAtMillis() {
                long asked = super.deliverAtMillis();
                return asked == 0 ? 0 : asked + 3_000;
            }
        });
    }

    static UnaryOperator<BrokerConnection> neverHealthy() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public Health probe(Duration timeout) {
                return Health.down("perhaps");
            }
        };
    }

    static UnaryOperator<BrokerConnection> refusesLongNames() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public void provision(Address address, ProvisionMode mode) {
                if (address instanceof Address.OfQueue of && of.queue().name().length() > 60) {
                    throw new MessagingException(ErrorCode.INVALID_NAME, "the name is too long");
                }
                super.provision(address, mode);
            }
        };
    }

    /** {@code reserved} is what the vendor's broker knows duplicates by. */
    static UnaryOperator<BrokerConnection> obeysReservedHeaders(String reserved) {
        Set<String> known = ConcurrentHashMap.newKeySet();
        return SendFlaws.changing((address, message) -> {
            String duplicateId = message.headers().get(reserved);
            return duplicateId == null || known.add(address + " " + duplicateId)
                    ? List.of(message)
                    : SendFlaws.dropped(message);
        });
    }

    static UnaryOperator<BrokerConnection> neverUnwraps() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public <V> Optional<V> unwrap(Class<V> type) {
                return Optional.empty();
            }
        };
    }

    /** The first time it says that it is not there. */
    static UnaryOperator<BrokerConnection> createsSubscriptionsToo() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public void provision(Address address, ProvisionMode mode) {
                try {
                    super.provision(address, mode);
                } catch (MessagingException e) {
                    if (e.code() == ErrorCode.NOT_FOUND && address instanceof Address.OfSubscription) {
                        super.provision(address, ProvisionMode.CREATE);
                    }
                    throw e;
                }
            }
        };
    }
}
