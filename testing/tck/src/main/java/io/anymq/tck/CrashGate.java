package io.anymq.tck;

import io.anymq.Delivery;
import io.anymq.Interceptor;
import io.anymq.policy.IdempotencyStore;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Stands at all {@link CrashPoint}s of a consumer. The thread that reaches the chosen one with the chosen message
 * reports it and stops there, so that a kill that follows hits exactly there; only in a commit it goes on. Thread-safe.
 */
final class CrashGate implements Interceptor {
    private final CrashStop stop;
    private final Consumer<String> out;
    private final CountDownLatch abandoned = new CountDownLatch(1);

    CrashGate(CrashStop stop, Consumer<String> out) {
        this.stop = stop;
        this.out = out;
    }

    /** Lets a waiting thread go on with an exception, for a consumer that is cut off because it cannot be killed. */
    void abandon() {
        abandoned.countDown();
    }

    private boolean isAt(CrashPoint point, String id) {
        return stop.point() == point && stop.messageId().equals(id);
    }

    void reached(CrashPoint point, String id) {
        if (!isAt(point, id)) {
            return;
        }
        out.accept(CrashConsumerLog.stoppedLine(id));
        try {
            abandoned.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("cut off at " + stop);
    }

    @Override
    public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
        for (Delivery<?> delivery : context.deliveries()) {
            reached(CrashPoint.BEFORE_HANDLER, delivery.id());
        }
        return next.handle();
    }

    /** Whether the handler must fail permanently, so that the message is dead-lettered. */
    boolean fails(String id) {
        return isAt(CrashPoint.AFTER_DEAD_LETTER, id);
    }

    /** Watches settlements. */
    BrokerConnection around(BrokerConnection connection) {
        return new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return new Gated(super.openReceiver(address, options, listener));
            }
        };
    }

    private final class Gated extends ForwardingReceiver {
        Gated(BrokerReceiver delegate) {
            super(delegate);
        }

        @Override
        public void acknowledge(List<? extends InboundMessage> messages) {
            for (int i = 0; i < messages.size(); i++) {
                String id = messages.get(i).id();
                if (isAt(CrashPoint.AFTER_HANDLER, id) || isAt(CrashPoint.AFTER_DEAD_LETTER, id)) {
                    super.acknowledge(messages.subList(0, i));
                    reached(stop.point(), id);
                }
            }
            super.acknowledge(messages);
        }

        @Override
        public void commit(List<? extends Chain> chains) {
            for (Chain chain : chains) {
                if (isAt(CrashPoint.IN_COMMIT, chain.input().id())) {
                    out.accept(CrashConsumerLog.stoppedLine(stop.messageId()));
                }
            }
            super.commit(chains);
        }
    }

    /** Observes completions, and changes nothing once the consumer is cut off. */
    IdempotencyStore around(IdempotencyStore store) {
        return new IdempotencyStore() {
            private void requireAlive() {
                if (abandoned.getCount() == 0) {
                    throw new IllegalStateException("cut off");
                }
            }

            @Override
            public Claim claim(String scope, String key, long fingerprint, Duration lease) {
                requireAlive();
                return store.claim(scope, key, fingerprint, lease);
            }

            @Override
            public boolean prolong(String scope, String key, long token, Duration lease) {
                requireAlive();
                return store.prolong(scope, key, token, lease);
            }

            @Override
            public boolean complete(String scope, String key, long token, Duration retention) {
                requireAlive();
                boolean done = store.complete(scope, key, token, retention);
                reached(CrashPoint.AFTER_COMPLETION, key);
                return done;
            }

            @Override
            public boolean bury(String scope, String key, long token, Duration retention) {
                requireAlive();
                return store.bury(scope, key, token, retention);
            }

            @Override
            public boolean release(String scope, String key, long token) {
                requireAlive();
                return store.release(scope, key, token);
            }

            @Override
            public void forget(String scope, String key) {
                requireAlive();
                store.forget(scope, key);
            }
        };
    }
}
