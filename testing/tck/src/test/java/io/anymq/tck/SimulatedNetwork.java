package io.anymq.tck;

import io.anymq.ErrorCode;
import io.anymq.Health;
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
import io.anymq.tck.net.NetworkFaults;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingOutbound;
import io.anymq.tck.wrap.ForwardingReceiver;
import io.anymq.tck.wrap.ForwardingSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Simulates, for the embedded broker, a correct adapter's behaviour on a broken network, so that flaws can be seeded
 * that the network rules must detect.
 */
final class SimulatedNetwork {
    /** The time until a half-open or silent connection is noticed. */
    private static final long UNNOTICED = TimeUnit.SECONDS.toNanos(1);

    private static final Executor LATER = CompletableFuture.delayedExecutor(
            NetworkFaults.LATENCY.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);

    private static final Duration NOTICING = Duration.ofSeconds(10);

    private final List<Runnable> held = new ArrayList<>();
    private final Set<Receiver> receivers = ConcurrentHashMap.newKeySet();
    private @Nullable Fault fault;
    private int generation;
    private long noticedAt;

    void inject(Fault next) {
        synchronized (this) {
            fault = next;
            if (next == Fault.CONNECTION_RESET || next == Fault.HALF_OPEN || next == Fault.ONE_WAY) {
                generation++;
                noticedAt = System.nanoTime() + (next == Fault.CONNECTION_RESET ? 0 : UNNOTICED);
            }
        }
        if (next == Fault.CONNECTION_RESET) {
            // or the handlers might do all their work before anything is noticed
            receivers.forEach(Receiver::notice);
        }
    }

    void heal() {
        List<Runnable> late;
        synchronized (this) {
            fault = null;
            late = List.copyOf(held);
            held.clear();
        }
        late.forEach(Runnable::run);
    }

    private synchronized boolean has(Fault asked) {
        return fault == asked;
    }

    private synchronized int generation() {
        return generation;
    }

    private synchronized boolean isNoticed() {
        return System.nanoTime() - noticedAt >= 0;
    }

    /** Whether it must wait until the network is back. */
    private synchronized boolean holds(Runnable passage) {
        return fault == Fault.BLACKHOLE && held.add(passage);
    }

    /** The connection by way of this network. */
    BrokerConnection through(BrokerConnection connection) {
        return new ForwardingConnection(connection) {
            @Override
            public BrokerSender openSender(Address address, SenderOptions options) {
                return new Sender(super.openSender(address, options));
            }

            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return new Receiver(super.openReceiver(address, options, listener));
            }

            @Override
            public Health probe(Duration timeout) {
                return has(Fault.BLACKHOLE) ? Health.down("nothing gets through") : super.probe(timeout);
            }
        };
    }

    private final class Sender extends ForwardingSender {
        private final BrokerSender broker;

        Sender(BrokerSender broker) {
            super(broker);
            this.broker = broker;
        }

        @Override
        protected List<? extends OutboundMessage> forward(OutboundMessage message) {
            if (has(Fault.HALF_OPEN) && !isNoticed()) {
                return List.of();
            }
            OutboundMessage traveling = new Traveling(message);
            return holds(() -> broker.send(traveling)) ? List.of() : List.of(traveling);
        }
    }

    /** Its outcome comes back by the network. */
    private final class Traveling extends ForwardingOutbound {
        Traveling(OutboundMessage message) {
            super(message);
        }

        private void answer(Runnable outcome) {
            if (has(Fault.LATENCY)) {
                LATER.execute(outcome);
            } else if (!has(Fault.ANSWERS_LOST) && (!has(Fault.ONE_WAY) || isNoticed())) {
                outcome.run();
            }
        }

        @Override
        public void confirmed(@Nullable Object nativeReceipt) {
            answer(() -> super.confirmed(nativeReceipt));
        }

        @Override
        public void rejected(MessagingException error) {
            answer(() -> super.rejected(error));
        }

        @Override
        public void unknown(MessagingException error) {
            answer(() -> super.unknown(error));
        }
    }

    private final class Receiver extends ForwardingReceiver {
        private final int born = generation();
        private final CountDownLatch noticed = new CountDownLatch(1);

        Receiver(BrokerReceiver broker) {
            super(broker);
            receivers.add(this);
        }

        /** Waits until its user knows that the connection is lost. */
        void notice() {
            wakeup();
            try {
                if (!noticed.await(NOTICING.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("a lost connection was not noticed within " + NOTICING);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close(Duration timeout) {
            receivers.remove(this);
            noticed.countDown();
            super.close(timeout);
        }

        @Override
        public List<? extends InboundMessage> receive(int max, Duration wait) {
            boolean lost = born < generation();
            if (lost && isNoticed()) {
                close(Duration.ofSeconds(1));
                throw new MessagingException(ErrorCode.UNAVAILABLE, "the connection was lost", true, null);
            }
            List<? extends InboundMessage> messages = super.receive(lost || has(Fault.BLACKHOLE) ? 0 : max, wait);
            // the connection may have been lost while something was on its way
            return born < generation() ? List.of() : messages;
        }

        @Override
        public void acknowledge(List<? extends InboundMessage> messages) {
            if (!holds(() -> super.acknowledge(messages))) {
                super.acknowledge(messages);
            }
        }
    }
}
