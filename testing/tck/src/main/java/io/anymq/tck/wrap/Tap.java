package io.anymq.tck.wrap;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sits between the engine and the adapter under test, writes down what passes, and can hold back or spoil the outcomes
 * of sends to one destination. It hides ATOMIC_CHAINING, so that outputs and settlement pass one after the other.
 * Thread-safe.
 */
public final class Tap {
    /** The kinds of calls. */
    public enum Kind {
        /** The broker confirmed a send. */
        CONFIRMED,
        /** The engine acknowledged a received message. */
        ACKNOWLEDGED
    }

    /** The treatment of sends to the chosen destination. */
    public enum Mode {
        /** Nothing unusual. */
        PASS,
        /** They are stored, but the confirm is withheld until the mode changes. */
        HOLD_CONFIRMS,
        /** They are refused before they reach the adapter. */
        REJECT,
        /** They are stored, but reported as UNKNOWN. */
        LOSE_CONFIRMS
    }

    /**
     * One thing that passed.
     *
     * @param kind the kind of call
     * @param address where, as text
     * @param id of the message
     */
    public record Event(Kind kind, String address, String id) {}

    private final List<Event> events = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private final String target;
    private Mode mode = Mode.PASS;

    /** {@code target} is the name of the destination that {@link #mode} applies to. */
    public Tap(String target) {
        this.target = target;
    }

    /** The URL that leads through this tap to the broker at {@code url}. */
    public String urlFor(String url, Map<String, String> settings) {
        return WrappingAdapter.register(url, settings, TappedConnection::new);
    }

    /** The calls so far. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** The number of such calls. */
    public synchronized long count(Kind kind, String id) {
        return events.stream()
                .filter(event -> event.kind() == kind && event.id().equals(id))
                .count();
    }

    /** Changes what happens to sends to the chosen destination; withheld confirms are passed on first. */
    public void mode(Mode next) {
        List<Runnable> released;
        synchronized (this) {
            mode = next;
            released = List.copyOf(held);
            held.clear();
        }
        released.forEach(Runnable::run);
    }

    private synchronized Mode modeOf(Address address) {
        String name = address instanceof Address.OfQueue queue
                ? queue.queue().name()
                : address instanceof Address.OfTopic topic ? topic.topic().name() : address.toString();
        return name.equals(target) ? mode : Mode.PASS;
    }

    private synchronized void write(Kind kind, Address address, String id) {
        events.add(new Event(kind, address.toString(), id));
    }

    private void outcome(Address address, Runnable report, Runnable spoilt) {
        Mode now;
        synchronized (this) {
            now = modeOf(address);
            if (now == Mode.HOLD_CONFIRMS) {
                held.add(report);
            }
        }
        if (now == Mode.LOSE_CONFIRMS) {
            spoilt.run();
        } else if (now != Mode.HOLD_CONFIRMS) {
            report.run();
        }
    }

    private static MessagingException broken() {
        return new MessagingException(ErrorCode.UNAVAILABLE, "broken on purpose by the test kit", true, null);
    }

    private final class TappedConnection extends ForwardingConnection {
        TappedConnection(BrokerConnection delegate) {
            super(delegate);
        }

        @Override
        public Capabilities capabilities() {
            return super.capabilities().with(Capability.ATOMIC_CHAINING, Support.UNSUPPORTED);
        }

        @Override
        public BrokerSender openSender(Address address, SenderOptions options) {
            return new TappedSender(super.openSender(address, options), address);
        }

        @Override
        public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
            return new TappedReceiver(super.openReceiver(address, options, listener), address);
        }
    }

    private final class TappedSender extends ForwardingSender {
        private final Address address;

        TappedSender(BrokerSender delegate, Address address) {
            super(delegate);
            this.address = address;
        }

        @Override
        protected List<? extends OutboundMessage> forward(OutboundMessage message) {
            if (modeOf(address) == Mode.REJECT) {
                message.rejected(broken());
                return List.of();
            }
            return List.of(new ForwardingOutbound(message) {
                @Override
                public void confirmed(@Nullable Object nativeReceipt) {
                    outcome(
                            address,
                            () -> {
                                write(Kind.CONFIRMED, address, id());
                                super.confirmed(nativeReceipt);
                            },
                            () -> super.unknown(broken()));
                }
            });
        }
    }

    private final class TappedReceiver extends ForwardingReceiver {
        private final Address address;

        TappedReceiver(BrokerReceiver delegate, Address address) {
            super(delegate);
            this.address = address;
        }

        @Override
        public void acknowledge(List<? extends InboundMessage> messages) {
            messages.forEach(message -> write(Kind.ACKNOWLEDGED, address, message.id()));
            super.acknowledge(messages);
        }
    }
}
