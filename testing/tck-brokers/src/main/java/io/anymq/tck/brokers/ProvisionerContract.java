package io.anymq.tck.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.StartPosition;
import io.anymq.Topic;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.Capability;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of an adapter that creates and checks places at its broker: both may be done again and by many at once, and
 * an error names what is missing or in the way, and the cure. An adapter's {@code XProvisionerIT} extends it and adds what
 * only the vendor's side can show, such as partitions or properties.
 */
public abstract class ProvisionerContract extends SharedBrokerContract {
    private static final int RACES = 12;
    private static final SenderOptions OPTIONS = new SenderOptions(10, BOUND);

    /** For subclasses. */
    protected ProvisionerContract() {}

    /** Whether a sender and a receiver are refused when their place is missing; by default they are. */
    protected boolean looksBeforeItOpens() {
        return true;
    }

    /** Whether opening a sender compares orderings, too, also where nothing was provisioned; by default it does. */
    protected boolean comparesWhenItOpens() {
        return true;
    }

    /** Whether the broker deletes a queue that has consumers; by default it does. */
    protected boolean deletesUnderConsumers(Setup setup) {
        return true;
    }

    /** Deletes a queue or topic, with its subscriptions, by the vendor's own means. */
    protected abstract void delete(Setup setup, Address address) throws Exception;

    private static String unused() {
        return SpiContext.uniqueName("provision");
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void provisioningAgainChangesNothing(Setup setup) throws Exception {
        Queue queue = Queue.of(unused());
        Topic topic = Topic.of(unused());
        List<Address> addresses = List.of(
                new Address.OfQueue(queue),
                new Address.Redelivery(queue, 16),
                new Address.OfTopic(topic),
                new Address.OfSubscription(topic.subscription("s")));
        connected(setup, connection -> {
            for (Address address : addresses) {
                connection.provision(address, ProvisionMode.CREATE);
                connection.provision(address, ProvisionMode.CREATE);
                connection.provision(address, ProvisionMode.VALIDATE);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void manyMayProvisionAtOnce(Setup setup) throws Exception {
        Address address = new Address.OfSubscription(Topic.of(unused()).subscription("s"));
        connected(setup, connection -> {
            CompletableFuture.allOf(Stream.generate(() -> CompletableFuture.runAsync(
                                    () -> connection.provision(address, ProvisionMode.CREATE)))
                            .limit(6)
                            .toArray(CompletableFuture[]::new))
                    .join();
            connection.provision(address, ProvisionMode.VALIDATE);
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void whatIsMissingIsNamed(Setup setup) throws Exception {
        String name = unused();
        Address queue = new Address.OfQueue(Queue.of(name));
        Address topic = new Address.OfTopic(Topic.of(name));
        Address subscription = new Address.OfSubscription(Topic.of(name).subscription("absent"));
        connected(setup, connection -> {
            fails(ErrorCode.NOT_FOUND, name, () -> connection.provision(queue, ProvisionMode.VALIDATE));
            fails(
                    ErrorCode.NOT_FOUND,
                    "anymq.provision=create",
                    () -> connection.provision(queue, ProvisionMode.VALIDATE));
            fails(ErrorCode.NOT_FOUND, name, () -> connection.provision(topic, ProvisionMode.VALIDATE));
            connection.provision(queue, ProvisionMode.NONE);
            if (looksBeforeItOpens()) {
                fails(ErrorCode.NOT_FOUND, name, () -> connection.openSender(queue, OPTIONS));
                fails(ErrorCode.NOT_FOUND, name, () -> new SteppedReceiver(connection, queue, name, 10).close());
            }
            connection.provision(topic, ProvisionMode.CREATE);
            fails(ErrorCode.NOT_FOUND, "absent", () -> connection.provision(subscription, ProvisionMode.VALIDATE));
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void anotherOrderingIsAMismatch(Setup setup) throws Exception {
        Queue queue = Queue.of(unused());
        Address total = new Address.OfQueue(queue.totalOrder());
        connected(setup, connection -> {
            connection.provision(new Address.OfQueue(queue), ProvisionMode.CREATE);
            fails(ErrorCode.MISMATCH, queue.name(), () -> connection.provision(total, ProvisionMode.CREATE));
            fails(ErrorCode.MISMATCH, queue.name(), () -> connection.provision(total, ProvisionMode.VALIDATE));
            if (comparesWhenItOpens()) {
                fails(ErrorCode.MISMATCH, queue.name(), () -> connection.openSender(total, OPTIONS));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void whatOneClientHasDeclaredBindsTheOthersAfterItsEnd(Setup setup) throws Exception {
        Queue queue = Queue.of(unused());
        Topic topic = Topic.of(unused());
        connected(setup, first -> {
            first.provision(new Address.OfQueue(queue.unordered()), ProvisionMode.CREATE);
            first.provision(new Address.OfTopic(topic), ProvisionMode.CREATE);
            first.provision(new Address.OfSubscription(topic.subscription("s")), ProvisionMode.CREATE);
        });
        connected(setup, second -> {
            for (ProvisionMode mode : List.of(ProvisionMode.CREATE, ProvisionMode.VALIDATE)) {
                second.provision(new Address.OfQueue(queue.unordered()), mode);
                second.provision(new Address.OfSubscription(topic.subscription("s")), mode);
                fails(
                        ErrorCode.MISMATCH,
                        queue + " exists with ordering UNORDERED and is declared PER_KEY here",
                        () -> second.provision(new Address.OfQueue(queue), mode));
                fails(
                        ErrorCode.MISMATCH,
                        topic + " exists with ordering PER_KEY and is declared UNORDERED here",
                        () -> second.provision(new Address.OfTopic(topic.unordered()), mode));
                fails(
                        ErrorCode.MISMATCH,
                        topic + " exists with ordering PER_KEY and is declared UNORDERED here",
                        () -> second.provision(
                                new Address.OfSubscription(topic.unordered().subscription("s")), mode));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void aNameIsAQueueOrATopic(Setup setup) throws Exception {
        String queue = unused();
        String topic = unused();
        connected(setup, first -> {
            first.provision(new Address.OfQueue(Queue.of(queue)), ProvisionMode.CREATE);
            first.provision(new Address.OfTopic(Topic.of(topic)), ProvisionMode.CREATE);
        });
        connected(setup, second -> {
            fails(
                    ErrorCode.MISMATCH,
                    "'" + queue + "' exists as a queue",
                    () -> second.provision(new Address.OfTopic(Topic.of(queue)), ProvisionMode.CREATE));
            fails(
                    ErrorCode.MISMATCH,
                    "'" + queue + "' exists as a queue",
                    () -> second.provision(
                            new Address.OfSubscription(Topic.of(queue).subscription("s")), ProvisionMode.CREATE));
            fails(
                    ErrorCode.MISMATCH,
                    "'" + topic + "' exists as a topic",
                    () -> second.provision(new Address.OfQueue(Queue.of(topic)), ProvisionMode.CREATE));
            second.provision(new Address.OfQueue(Queue.of(queue)), ProvisionMode.CREATE);
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void whatWasDeletedCanBeDeclaredAgain(Setup setup) throws Exception {
        Queue queue = Queue.of(unused());
        Topic topic = Topic.of(unused());
        connected(setup, first -> {
            first.provision(new Address.OfQueue(queue), ProvisionMode.CREATE);
            first.provision(new Address.OfTopic(topic), ProvisionMode.CREATE);
        });
        delete(setup, new Address.OfQueue(queue));
        delete(setup, new Address.OfTopic(topic));
        connected(setup, second -> {
            second.provision(new Address.OfQueue(queue.unordered()), ProvisionMode.CREATE);
            second.provision(new Address.OfTopic(topic.unordered()), ProvisionMode.CREATE);
            fails(
                    ErrorCode.MISMATCH,
                    queue + " exists with ordering UNORDERED",
                    () -> second.provision(new Address.OfQueue(queue), ProvisionMode.CREATE));
            fails(
                    ErrorCode.MISMATCH,
                    topic + " exists with ordering UNORDERED",
                    () -> second.provision(new Address.OfTopic(topic), ProvisionMode.CREATE));
        });
    }

    /** More messages than before, so that where the consumer had been is a place in the new queue, too. */
    @ParameterizedTest
    @MethodSource("setups")
    final void aQueueThatIsMadeAgainUnderItsClientsGoesOn(Setup setup) throws Exception {
        Queue queue = Queue.of(unused());
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (MessagingClient client = client(setup);
                Producer<String> producer = client.producer(queue, String.class)) {
            client.consumer(queue, String.class).start(delivery -> handled.add(delivery.body()));
            handles(handled, send(producer, "old-", 50));
            if (deletesUnderConsumers(setup)) {
                delete(setup, new Address.OfQueue(queue));
            } else {
                assertThatThrownBy(() -> delete(setup, new Address.OfQueue(queue)))
                        .hasMessageContaining(queue.name());
            }
            try (MessagingClient other = client(setup)) {
                other.provision(queue);
                try (Producer<String> second = other.producer(queue, String.class)) {
                    handles(handled, send(second, "others-", 150));
                }
            }
            handles(handled, send(producer, "own-", 50));
        }
    }

    private static MessagingClient client(Setup setup) {
        String url = SharedBrokers.of(setup.kind()).url();
        MessagingClient.Builder builder = MessagingClient.builder().url(url);
        String prefix = "anymq." + url.substring(0, url.indexOf(':')) + ".";
        setup.settings().forEach((key, value) -> builder.set(prefix + key, value));
        return builder.open();
    }

    /** Each until it is confirmed, as an application that must not lose it. */
    private static List<String> send(Producer<String> producer, String prefix, int count) {
        List<String> bodies =
                IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
        for (String body : bodies) {
            await().pollDelay(Duration.ZERO)
                    .atMost(BOUND)
                    .ignoreExceptions()
                    .until(() -> producer.send(body)
                            .handle((receipt, failure) -> failure == null)
                            .join());
        }
        return bodies;
    }

    private static void handles(Set<String> handled, List<String> bodies) {
        await().atMost(BOUND).untilAsserted(() -> assertThat(handled).containsAll(bodies));
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void ofTwoThatDeclareDifferentlyAtOnceOneAtMostIsAccepted(Setup setup) throws Exception {
        connected(
                setup,
                one -> connected(setup, two -> {
                    for (int i = 0; i < RACES; i++) {
                        Queue queue = Queue.of(unused());
                        CyclicBarrier start = new CyclicBarrier(2);
                        CompletableFuture<Boolean> first = accepted(one, new Address.OfQueue(queue), start);
                        CompletableFuture<Boolean> second =
                                accepted(two, new Address.OfQueue(queue.unordered()), start);
                        assertThat(first.join() && second.join())
                                .as("both were accepted in race %s", i)
                                .isFalse();
                    }
                }));
    }

    private static CompletableFuture<Boolean> accepted(BrokerConnection by, Address address, CyclicBarrier start) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                start.await(BOUND.toMillis(), TimeUnit.MILLISECONDS);
                by.provision(address, ProvisionMode.CREATE);
                return true;
            } catch (MessagingException e) {
                assertThat(e.code()).as("%s", e).isEqualTo(ErrorCode.MISMATCH);
                return false;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void historyIsRefusedWhereThereIsNone(Setup setup) throws Exception {
        Address late = new Address.OfSubscription(Topic.of(unused()).subscription("late", StartPosition.EARLIEST));
        connected(setup, connection -> {
            if (connection.capabilities().of(Capability.START_EARLIEST) == Support.UNSUPPORTED) {
                fails(ErrorCode.UNSUPPORTED, "EARLIEST", () -> connection.provision(late, ProvisionMode.CREATE));
            } else {
                connection.provision(late, ProvisionMode.CREATE);
                connection.provision(late, ProvisionMode.VALIDATE);
            }
        });
    }
}
