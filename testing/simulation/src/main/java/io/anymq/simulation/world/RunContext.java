package io.anymq.simulation.world;

import io.anymq.Destination;
import io.anymq.MessagingClient;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Topic;
import io.anymq.history.HistoryRecorder;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.policy.Ordering;
import io.anymq.simulation.plan.EffectsOnce;
import io.anymq.simulation.plan.Operation;
import io.anymq.simulation.plan.Operation.Send;
import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.UserFault.Place;
import io.anymq.simulation.scheduler.Scheduler;
import io.anymq.spi.BrokerConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The state shared by all parts of a run. */
final class RunContext {
    /** Stands in for messages that no send of the plan explains: outputs, and inventions of a defect. */
    private static final Send NOTHING = new Send(0, "", "", null, 0, 0, false, 0, false);

    final Plan plan;
    final Notes notes;
    final InMemoryBroker broker;
    final Faults faults;
    final UserCode userCode;
    final FragileStore store;
    private final String brokerName;
    private final FaultyAdapter adapter;
    private final Map<String, Send> scripts = new HashMap<>();
    private long clients;
    private boolean repaired;

    /** {@code brokerName}: of a broker that no earlier run has left behind. */
    RunContext(Plan plan, HistoryRecorder recorder, UnaryOperator<BrokerConnection> flaw, String brokerName) {
        this.plan = plan;
        this.notes = new Notes(recorder);
        this.brokerName = brokerName;
        this.broker = InMemoryBroker.named(
                brokerName,
                new InMemoryBroker.Limits(100_000, 1L << 30, plan.setup().lanes(), 1 << 20));
        this.faults = new Faults(plan.seed());
        this.userCode = new UserCode(plan);
        this.store = new FragileStore(faults, userCode);
        this.adapter = new FaultyAdapter(flaw, faults, notes);
        for (Operation operation : plan.operations()) {
            if (operation instanceof Send send) {
                scripts.put(send.id(), send);
            }
        }
    }

    /** From now on no handler fails. */
    void repair() {
        repaired = true;
    }

    boolean isRepaired() {
        return repaired;
    }

    /** Whether successes are recorded as effects. */
    boolean recordsEffects() {
        return EffectsOnce.areRecorded(plan, Scheduler.isPunctual());
    }

    Send script(String id) {
        return scripts.getOrDefault(id, NOTHING);
    }

    Ordering ordering() {
        return Ordering.valueOf(plan.setup().order().name());
    }

    Destination destination() {
        return plan.setup().topic() ? new Topic(Names.TOPIC, ordering()) : new Queue(Names.QUEUE, ordering());
    }

    /** The sources that members consume. */
    List<Source> sources() {
        if (destination() instanceof Topic topic) {
            return Stream.of(Names.SUBSCRIPTIONS)
                    .<Source>map(topic::subscription)
                    .toList();
        }
        return List.of(new Queue(Names.QUEUE, ordering()));
    }

    /** The application's interceptor in one process, if it has one. */
    @Nullable
    UserInterceptor interceptor() {
        return userCode.has(Place.INTERCEPTOR) ? new UserInterceptor(userCode) : null;
    }

    /** Connects as a process of this name. */
    MessagingClient connect(
            String name,
            VirtualTime time,
            @Nullable MessagingObserver observer,
            @Nullable UserInterceptor interceptor) {
        MessagingClient.Builder builder = MessagingClient.builder()
                .url("inmemory:" + brokerName + "?lanes=" + plan.setup().lanes())
                .set("anymq.name", name)
                .set("anymq.producer.send-timeout", "300ms")
                .adapter(adapter)
                .timeSource(time)
                .random(new SplittableRandom(plan.seed() * 31 + clients++));
        if (observer != null) {
            builder.observer(observer);
        }
        if (userCode.has(Place.OBSERVER)) {
            builder.observer(new UserObserver(userCode));
        }
        if (interceptor != null) {
            builder.interceptor(interceptor);
        }
        if (userCode.has(Place.ENCODE) || userCode.has(Place.DECODE)) {
            builder.codec(new UserCodec(userCode));
        }
        return builder.open();
    }
}
