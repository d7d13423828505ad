package io.anymq.inmemory;

import io.anymq.TimeSource;
import io.anymq.VirtualTime;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.BrokerUrl;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A connection as the engine would hold one, with short words for what tests do. */
final class Client implements AutoCloseable {
    static final Duration AT_ONCE = Duration.ZERO;
    static final Duration LONG = Duration.ofSeconds(10);

    final BrokerConnection connection;

    private Client(BrokerConnection connection) {
        this.connection = connection;
    }

    static ConnectionContext context(String url, String name, Map<String, Long> options, TimeSource time) {
        return new ConnectionContext(BrokerUrl.parse(url), new Options(options), name, LONG, LONG, time);
    }

    static Client connect(String url, String name, Map<String, Long> options, TimeSource time) {
        return new Client(new InMemoryAdapter().connect(context(url, name, options, time)));
    }

    static Client connect(String url, String name) {
        return connect(url, name, Map.of(), new VirtualTime());
    }

    InMemoryBroker broker() {
        return connection.unwrap(InMemoryBroker.class).orElseThrow();
    }

    Client provision(Address... addresses) {
        for (Address address : addresses) {
            connection.provision(address, ProvisionMode.CREATE);
        }
        return this;
    }

    BrokerSender sender(Address address) {
        return sender(address, Duration.ofSeconds(10));
    }

    BrokerSender sender(Address address, Duration sendTimeout) {
        provision(address);
        return connection.openSender(address, new SenderOptions(1000, sendTimeout));
    }

    BrokerReceiver receiver(Address address) {
        return receiver(address, new Lanes());
    }

    BrokerReceiver receiver(Address address, LaneListener listener) {
        provision(address);
        return connection.openReceiver(address, new ReceiverOptions("receiver", 1000, 64 << 20, LONG), listener);
    }

    /** Sends and returns the messages, so that their outcomes can be looked at. */
    static List<Sent> send(BrokerSender sender, Sent... messages) {
        List<Sent> list = Arrays.asList(messages);
        list.forEach(sender::send);
        return list;
    }

    /** The lanes a receiver owns. */
    static Collection<Lane> lanes(BrokerReceiver receiver) {
        return receiver.unwrap(InMemoryBroker.Subscriber.class).orElseThrow().lanes();
    }

    static List<String> ids(List<? extends InboundMessage> messages) {
        return messages.stream().map(InboundMessage::id).toList();
    }

    @Override
    public void close() {
        connection.close(Duration.ofSeconds(5));
    }

    /** Notes what it is told. */
    static class Lanes implements LaneListener {
        final List<Lane> revoked = new ArrayList<>();
        final List<Lane> lost = new ArrayList<>();

        @Override
        public void lanesRevoked(Collection<Lane> lanes) {
            revoked.addAll(lanes);
        }

        @Override
        public void lanesLost(Collection<Lane> lanes) {
            lost.addAll(lanes);
        }
    }
}
