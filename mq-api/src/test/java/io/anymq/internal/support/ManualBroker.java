package io.anymq.internal.support;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.TimeSource;
import io.anymq.VirtualTime;
import io.anymq.internal.support.StoredMessage.Delivered;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerBrowser;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.Chain;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small broker in memory under the control of a test, which decides about confirms, failures and the ownership of
 * lanes. Addresses are named as their {@code toString} says, such as {@code "queue orders"} and {@code "redelivery of
 * orders"}.
 *
 * <p>It has all capabilities but DELAY and, until {@link #onCommit} is set, ATOMIC_CHAINING; {@link #with} changes that
 * before a client connects. With DELAY EMULATED each lane of a redelivery address is a stream; with DELAY NATIVE a
 * message stays invisible until the client's time has come.
 */
public final class ManualBroker extends ManualStore implements BrokerAdapter, BrokerConnection {
    private final Map<Capability, Support> declared = new HashMap<>(Map.of(Capability.DELAY, Support.UNSUPPORTED));
    private volatile TimeSource time = new VirtualTime();

    /** The treatment of a sent message; stores and confirms unless a test says otherwise. */
    public volatile BiConsumer<String, OutboundMessage> onSend = this::storeAndConfirm;

    /** Runs while an address is provisioned. */
    public volatile Consumer<Address> onProvision = address -> {};

    /** How each address was provisioned, in order: the mode and the address. */
    public final List<String> provisions = new CopyOnWriteArrayList<>();

    /** Runs while a sender is opened. */
    public volatile Consumer<Address> onOpenSender = address -> {};

    /** Runs while a receiver is opened. */
    public volatile Consumer<Address> onOpenReceiver = address -> {};

    /** Runs before messages are removed as done. */
    public volatile Consumer<List<? extends InboundMessage>> onAcknowledge = messages -> {};

    /** Runs while a sender or the connection is closed, and while the connection is probed. */
    public volatile Runnable onCloseOrProbe = () -> {};

    /** The treatment of chains; null means that the broker has no transactions. Set before a client connects. */
    public volatile @Nullable Consumer<Chain> onCommit;

    public final AtomicInteger openSenders = new AtomicInteger();

    /** Receivers that were opened, in all. */
    public final AtomicInteger receivers = new AtomicInteger();

    public volatile boolean closed;

    /** Declares a capability in another way; before a client connects. */
    public ManualBroker with(Capability capability, Support how) {
        declared.put(capability, how);
        return this;
    }

    /** An engine on this broker. */
    public EngineContext engine(VirtualTime time, List<MessagingObserver> observers, ReconnectSignal reconnectSignal) {
        return new EngineContext(
                "test",
                this,
                capabilities(),
                Addresses.UNMAPPED,
                ProvisionMode.CREATE,
                time,
                new SplittableRandom(1),
                new Codecs(List.of()),
                List.of(),
                new Observers(observers),
                reconnectSignal,
                new ConfirmWatch(),
                new Callbacks("test", time, () -> false));
    }

    /** Stores it under {@code address} and tells the sender. */
    public void storeAndConfirm(String address, OutboundMessage message) {
        store(address, message);
        message.confirmed(null);
    }

    /** Stores the outputs, removes the input and tells the engine. */
    public void commit(Chain chain) {
        synchronized (lock) {
            chain.outputs().forEach(output -> store(name(output.address()), output.message()));
            open().forEach(receiver -> receiver.settle((Delivered) chain.input()));
        }
        chain.committed();
    }

    /** Whether it is due, and its stream for {@code to} to hand out. With the lock. */
    boolean mayHandOut(ManualReceiver to, StoredMessage message) {
        boolean due = capabilities().of(Capability.DELAY) != Support.NATIVE
                || message.deliverAtMillis() <= time.currentTimeMillis();
        return due && isFree(to, message.stream());
    }

    @Override
    public String scheme() {
        return "manual";
    }

    @Override
    public BrokerConnection connect(ConnectionContext context) {
        time = context.timeSource();
        return this;
    }

    @Override
    public Capabilities capabilities() {
        Capabilities.Builder all = Capabilities.builder();
        for (Capability capability : Capability.values()) {
            boolean absent = capability == Capability.ATOMIC_CHAINING && onCommit == null;
            all.with(capability, absent ? Support.UNSUPPORTED : declared.getOrDefault(capability, Support.NATIVE));
        }
        return all.build();
    }

    /** With DELAY NATIVE the way back to a source ends at the source itself. */
    private String name(Address address) {
        if (address instanceof Address.Redelivery back && capabilities().of(Capability.DELAY) == Support.NATIVE) {
            return back.source().toString();
        }
        return address.toString();
    }

    @Override
    public void provision(Address address, ProvisionMode mode) {
        provisions.add(mode + " " + address);
        onProvision.accept(address);
        if (address instanceof Address.OfSubscription of) {
            subscribe(of.subscription().topic().toString(), address.toString());
        }
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        onOpenSender.accept(address);
        openSenders.incrementAndGet();
        return new Sender(name(address));
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        onOpenReceiver.accept(address);
        receivers.incrementAndGet();
        ManualReceiver receiver = new ManualReceiver(this, address.toString(), listener);
        opened(receiver);
        return receiver;
    }

    /** Shows copies of what is there; the messages say nothing when they are attempted. */
    @Override
    public BrokerBrowser openBrowser(Address.OfSource address) {
        Deque<StoredMessage> left = new ArrayDeque<>(at(address.toString()));
        Lane lane = new Lane(address.toString());
        return new BrokerBrowser() {
            @Override
            public List<? extends InboundMessage> next(int max) {
                List<InboundMessage> page = new ArrayList<>();
                while (page.size() < max && !left.isEmpty()) {
                    page.add(new Delivered(left.remove(), lane));
                }
                return page;
            }

            @Override
            public void close(Duration timeout) {}
        };
    }

    @Override
    public Health probe(Duration timeout) {
        onCloseOrProbe.run();
        return Health.up("in this process");
    }

    @Override
    public void close(Duration timeout) {
        closed = true;
        onCloseOrProbe.run();
    }

    private final class Sender implements BrokerSender {
        private final String address;

        Sender(String address) {
            this.address = address;
        }

        @Override
        public void send(OutboundMessage message) {
            onSend.accept(address, message);
        }

        @Override
        public void close(Duration timeout) {
            openSenders.decrementAndGet();
            onCloseOrProbe.run();
        }
    }

    /** A retryable failure of the connection. */
    public static MessagingException down() {
        return new MessagingException(ErrorCode.UNAVAILABLE, "the broker is away", true, null);
    }
}
