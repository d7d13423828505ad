package io.anymq.tck.brokers;

import io.anymq.ErrorCode;
import io.anymq.Queue;
import io.anymq.StartPosition;
import io.anymq.Topic;
import io.anymq.spi.Address;
import io.anymq.spi.Capability;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of an adapter that creates and checks places at its broker: both may be done again and by many at once, and
 * an error names what is missing or in the way, and the cure. An adapter's {@code XProvisionerIT} extends it and adds what
 * only the vendor's side can show, such as partitions or properties.
 */
public abstract class ProvisionerContract extends SharedBrokerContract {
    private static final SenderOptions OPTIONS = new SenderOptions(10, BOUND);

    /** For subclasses. */
    protected ProvisionerContract() {}

    /** Whether a sender and a receiver are refused when their place is missing; by default they are. */
    protected boolean looksBeforeItOpens() {
        return true;
    }

    /** Whether the broker can tell the ordering of what exists; by default it can. */
    protected boolean tellsOrderings() {
        return true;
    }

    /** Whether validating and opening compare orderings too, which some brokers only do when they are asked to create. */
    protected boolean validatesOrderings() {
        return tellsOrderings();
    }

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
            if (!tellsOrderings()) {
                connection.provision(total, ProvisionMode.VALIDATE);
                return;
            }
            fails(ErrorCode.MISMATCH, queue.name(), () -> connection.provision(total, ProvisionMode.CREATE));
            if (validatesOrderings()) {
                fails(ErrorCode.MISMATCH, queue.name(), () -> connection.provision(total, ProvisionMode.VALIDATE));
                fails(ErrorCode.MISMATCH, queue.name(), () -> connection.openSender(total, OPTIONS));
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
