package io.anymq.tck.brokers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.brokers.LocalBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capability;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import io.anymq.tck.PlainClient;
import io.anymq.tck.PlainMessage;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of what travels through an adapter: every part of a message comes back, and plain clients read what AnyMQ
 * wrote and write what AnyMQ reads. An adapter's {@code XRoundTripIT} extends it, says what its broker's native classes
 * are, and adds what only its broker has.
 */
public abstract class RoundTripContract extends SharedBrokerContract {
    private static final SenderOptions OPTIONS = new SenderOptions(1_000, BOUND);

    /** For subclasses. */
    protected RoundTripContract() {}

    /** The broker as it looks to the vendor's own client. */
    protected abstract PlainClient plain(LocalBroker broker);

    /** The class that a received message unwraps to. */
    protected abstract Class<?> nativeMessage();

    /** Whether the broker tells where a message is stored, so that one without an id has the same at each delivery. */
    protected boolean tellsPositions() {
        return true;
    }

    /** The class of a confirmed send's receipt; by default there is none. */
    protected @Nullable Class<?> nativeReceipt() {
        return null;
    }

    /** Headers whose names mean something to the broker, and which must come back as they were; by default none. */
    protected Map<String, String> reservedHeaders() {
        return Map.of();
    }

    /** The option to raise for larger bodies; null if the broker's own limit is higher than the adapter's. */
    protected @Nullable String optionForLargerBodies() {
        return null;
    }

    /** A queue of its own for a test. */
    private record Place(Queue queue, Address address) {
        static Place unused() {
            Queue queue = Queue.of(SpiContext.uniqueName("round"));
            return new Place(queue, new Address.OfQueue(queue));
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void everyPartOfAMessageComesBack(Setup setup) throws Exception {
        Place place = Place.unused();
        Map<String, String> headers = new HashMap<>(Map.of("farbe", "grün", "empty", ""));
        headers.putAll(reservedHeaders());
        Outgoing full = new Outgoing("id-1", "schlüssel-🗝", "täglich 🥖".getBytes(UTF_8), headers)
                .sentAtMillis(System.currentTimeMillis() - 1_234);
        Outgoing bare = new Outgoing("id-2", null, new byte[0], Map.of())
                .contentType("")
                .sentAtMillis(1_000_000_000_000L);
        connected(setup, connection -> {
            connection.provision(place.address, ProvisionMode.CREATE);
            if (connection.capabilities().of(Capability.DELAY) == Support.EMULATED) {
                full.deliverAtMillis(5_000_000_000_000L);
            }
            BrokerSender sender = connection.openSender(place.address, OPTIONS);
            sender.send(full);
            sender.send(bare);
            for (Outgoing sent : List.of(full, bare)) {
                Outgoing.Ended ended = sent.await(BOUND);
                assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
                if (nativeReceipt() == null) {
                    assertThat(ended.receipt()).isNull();
                } else {
                    assertThat(ended.receipt()).isInstanceOf(nativeReceipt());
                }
            }
            try (SteppedReceiver receiver = new SteppedReceiver(connection, place.address, place.queue.name(), 100)) {
                List<InboundMessage> messages = receiver.receiveCount(2);
                assertSame(byId(messages, "id-1"), full);
                assertSame(byId(messages, "id-2"), bare);
                receiver.acknowledge(messages);
            }
            sender.close(BOUND);
        });
    }

    private void assertSame(InboundMessage received, Outgoing sent) {
        assertThat(received.key()).isEqualTo(sent.key());
        assertThat(received.body()).isEqualTo(sent.body());
        assertThat(received.headers()).containsExactlyInAnyOrderEntriesOf(sent.headers());
        assertThat(received.contentType()).isEqualTo(sent.contentType());
        assertThat(received.sentAtMillis()).isEqualTo(sent.sentAtMillis());
        assertThat(received.deliverAtMillis()).isEqualTo(sent.deliverAtMillis());
        assertThat(received.deliveryCount()).isEqualTo(1);
        assertThat(received.unwrap(nativeMessage())).isPresent();
        assertThat(received.unwrap(Thread.class)).isEmpty();
    }

    private static InboundMessage byId(List<InboundMessage> messages, String id) {
        return messages.stream()
                .filter(message -> message.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void theLargestBodyPassesAndALargerOneIsRejected(Setup setup) throws Exception {
        Place place = Place.unused();
        connected(setup, connection -> {
            connection.provision(place.address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(place.address, OPTIONS);
            int most = connection.capabilities().maxBodyBytes();
            assertThat(most).isGreaterThanOrEqualTo(1 << 20);
            Outgoing largest = new Outgoing("big", "k", new byte[most], Map.of("h", "x".repeat(16_000)));
            largest.sendTo(sender, BOUND);
            if (optionForLargerBodies() != null) {
                Outgoing tooLarge = new Outgoing("bigger", "k", new byte[most + 64 * 1024], Map.of());
                sender.send(tooLarge);
                Outgoing.Ended ended = tooLarge.await(BOUND);
                assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
                assertThat(ended.error()).hasMessageContaining(optionForLargerBodies());
            }
            try (SteppedReceiver receiver = new SteppedReceiver(connection, place.address, place.queue.name(), 100)) {
                List<InboundMessage> received = receiver.receiveCount(1);
                assertThat(received.get(0).body()).hasSize(most);
                receiver.acknowledge(received);
            }
            sender.close(BOUND);
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void aPlainClientReadsWhatAnyMqWrote(Setup setup) throws Exception {
        Place place = Place.unused();
        connected(setup, connection -> {
            connection.provision(place.address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(place.address, OPTIONS);
            Outgoing ours = new Outgoing("ours", "Zoë", "hello".getBytes(UTF_8), Map.of("colour", "red", "empty", ""));
            ours.sendTo(sender, BOUND);
            assertThat(plain(SharedBrokers.of(setup.kind())).read(place.queue.name(), 1, BOUND))
                    .singleElement()
                    .satisfies(read -> {
                        assertThat(read.id()).isEqualTo("ours");
                        assertThat(read.key()).isEqualTo("Zoë");
                        assertThat(read.body()).asString(UTF_8).isEqualTo("hello");
                        assertThat(read.contentType()).isEqualTo("text/plain; charset=utf-8");
                        assertThat(read.headers())
                                .containsEntry("colour", "red")
                                .containsEntry("empty", "");
                    });
            sender.close(BOUND);
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void anyMqReadsWhatAPlainClientWrote(Setup setup) throws Exception {
        Place place = Place.unused();
        PlainClient plain = plain(SharedBrokers.of(setup.kind()));
        connected(setup, connection -> {
            connection.provision(place.address, ProvisionMode.CREATE);
            plain.send(
                    place.queue.name(),
                    new PlainMessage("theirs", "key", "value".getBytes(UTF_8), null, Map.of("colour", "green")));
            try (SteppedReceiver receiver = new SteppedReceiver(connection, place.address, place.queue.name(), 100)) {
                List<InboundMessage> received = receiver.receiveCount(1);
                assertSame(
                        received.get(0),
                        new Outgoing("theirs", "key", "value".getBytes(UTF_8), Map.of("colour", "green"))
                                .contentType("")
                                .sentAtMillis(received.get(0).sentAtMillis()));
                assertThat(received.get(0).id()).isEqualTo("theirs");
                receiver.acknowledge(received);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void aMessageWithoutAnIdIsNamedByItsPosition(Setup setup) throws Exception {
        Place place = Place.unused();
        PlainClient plain = plain(SharedBrokers.of(setup.kind()));
        connected(setup, connection -> {
            connection.provision(place.address, ProvisionMode.CREATE);
            plain.send(place.queue.name(), new PlainMessage(null, null, "bare".getBytes(UTF_8), null, Map.of()));
            String id;
            try (SteppedReceiver receiver = new SteppedReceiver(connection, place.address, "first", 100)) {
                InboundMessage received = receiver.receiveCount(1).get(0);
                assertThat(received.key()).isNull();
                assertThat(received.headers()).isEmpty();
                id = received.id();
                assertThat(id).isNotEmpty();
            }
            try (SteppedReceiver receiver = new SteppedReceiver(connection, place.address, "second", 100)) {
                List<InboundMessage> again = receiver.receiveCount(1);
                assertThat(id.equals(again.get(0).id())).as("the same id").isEqualTo(tellsPositions());
                receiver.acknowledge(again);
            }
        });
    }
}
