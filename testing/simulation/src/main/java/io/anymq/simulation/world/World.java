package io.anymq.simulation.world;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.history.Event;
import io.anymq.history.HistoryRecorder;
import io.anymq.inmemory.broker.InMemoryBroker.QueueMetrics;
import io.anymq.inmemory.broker.InMemoryBroker.StoredMessage;
import io.anymq.simulation.plan.Operation;
import io.anymq.simulation.plan.Operation.Fault;
import io.anymq.simulation.plan.Operation.Join;
import io.anymq.simulation.plan.Operation.Member;
import io.anymq.simulation.plan.Operation.Redrive;
import io.anymq.simulation.plan.Operation.Send;
import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.UserFault;
import io.anymq.simulation.plan.UserFault.Place;
import io.anymq.simulation.scheduler.Controlled;
import io.anymq.simulation.scheduler.Scheduler;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Plays a plan: everything it says, then the healing of all faults, the emptying of the backlog, and the end. */
public final class World {
    private static final long LOOK_NANOS = 20_000_000;
    private static final long DRAIN_NANOS = 60_000_000_000L;
    private static final long PATIENT_DRAIN_NANOS = 15 * DRAIN_NANOS;

    /** Runs that came to no end: their threads stand still for ever, and so may their broker's locks. */
    private static int unfinished;

    private final RunContext context;
    private final long begin = System.nanoTime();
    private final Map<String, MemberProcess> members = new LinkedHashMap<>();
    private final List<ProducerScript> producers = new ArrayList<>();
    private final List<OperatorProcess> operators = new ArrayList<>();
    private int faultNumber;
    private int faultsOpen;
    private int userFaultsOpen;

    private World(Plan plan, HistoryRecorder recorder, UnaryOperator<BrokerConnection> flaw) {
        this.context = new RunContext(plan, recorder, flaw, Names.BROKER + unfinished);
    }

    /**
     * Plays it, on a thread of a scheduler.
     *
     * @param flaw the name of a class that puts a defect into the adapter, or null
     */
    @SuppressWarnings("unchecked")
    public static void play(Plan plan, HistoryRecorder recorder, @Nullable String flaw) {
        UnaryOperator<BrokerConnection> decorator = UnaryOperator.identity();
        if (flaw != null) {
            try {
                decorator = (UnaryOperator<BrokerConnection>) Class.forName(flaw, true, World.class.getClassLoader())
                        .asSubclass(UnaryOperator.class)
                        .getDeclaredConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException("cannot make a " + flaw, e);
            }
        }
        unfinished++;
        new World(plan, recorder, decorator).play();
    }

    private void play() {
        VirtualTime time = new VirtualTime("producers");
        MessagingClient client = context.connect("producers", time, null, context.interceptor());
        context.sources().forEach(client::provision);
        if (context.plan.setup().chained()) {
            client.provision(Queue.of(Names.OUTPUT));
        }
        startProducers(client);
        for (Operation operation : context.plan.operations()) {
            if (!(operation instanceof Send)) {
                sleepUntil(begin + operation.at() * 1_000);
                perform(operation);
            }
        }
        heal();
        joinLast();
        drain();
        redriveLast();
        context.notes.drained();
        lookAtBacklogs();
        requireRecovery();
        end(client, time);
        List<String> complaints = context.userCode.complaints();
        if (!complaints.isEmpty()) {
            throw new IllegalStateException(String.join("; ", complaints));
        }
    }

    private static void sleepUntil(long nanos) {
        Controlled.await(() -> false, nanos - System.nanoTime());
    }

    private void startProducers(MessagingClient client) {
        Map<String, List<Send>> byProducer = new LinkedHashMap<>();
        for (Operation operation : context.plan.operations()) {
            if (operation instanceof Send send) {
                byProducer
                        .computeIfAbsent(send.producer(), name -> new ArrayList<>())
                        .add(send);
            }
        }
        byProducer.forEach((name, sends) -> {
            ProducerScript script = new ProducerScript(context, client, name, sends, begin);
            producers.add(script);
            Scheduler.spawn("producers", name, script::run);
        });
    }

    private void perform(Operation operation) {
        if (operation instanceof Join join) {
            join(join.member(), context.sources().get(join.source()));
        } else if (operation instanceof Fault fault) {
            breakFor(fault);
        } else if (operation instanceof UserFault fault) {
            misbehaveFor(fault);
        } else if (operation instanceof Redrive redrive) {
            redrive(context.sources().get(redrive.source()));
        } else if (operation instanceof Member event) {
            MemberProcess member = members.get(event.member());
            if (member != null && member.isLive()) {
                befall(member, event);
            }
        }
    }

    private void join(String name, Source source) {
        MemberProcess member = new MemberProcess(context, name, source);
        members.put(name, member);
        member.join();
    }

    private void redrive(Source source) {
        OperatorProcess operator = new OperatorProcess(context, operators.size() + 1, source);
        operators.add(operator);
        operator.start();
    }

    private void befall(MemberProcess member, Member event) {
        switch (event.fate()) {
            case CLOSE -> member.close();
            case CRASH -> member.crash();
            case PAUSE -> member.pause(event.millis());
            case CUT -> {
                String fault = began(member.name);
                context.broker.disconnect(member.name);
                healed(fault);
            }
            case FREEZE -> {
                String fault = began(member.name);
                member.frozen();
                Scheduler.freeze(member.name);
                context.broker.disconnect(member.name);
                later(event.millis(), () -> {
                    if (!member.isCrashed()) {
                        Scheduler.thaw(member.name);
                    }
                    healed(fault);
                });
            }
        }
    }

    private void breakFor(Fault fault) {
        String name = began(null);
        switch (fault.what()) {
            case BROKER -> context.broker.stop();
            default -> context.faults.begin(fault.what());
        }
        later(fault.millis(), () -> {
            switch (fault.what()) {
                case BROKER -> context.broker.start();
                default -> context.faults.end(fault.what());
            }
            healed(name);
        });
    }

    /** Only what can make a message come twice, or fail after its handler's success, is a fault for the checker. */
    private void misbehaveFor(UserFault fault) {
        boolean excuses = fault.place() == Place.STORE
                || (fault.place() == Place.ENCODE && context.plan.setup().chained());
        String name = excuses ? began(null) : null;
        userFaultsOpen++;
        context.userCode.begin(fault);
        later(fault.millis(), () -> {
            context.userCode.end(fault);
            userFaultsOpen--;
            if (name != null) {
                healed(name);
            }
        });
    }

    private String began(@Nullable String consumer) {
        String fault = "fault-" + ++faultNumber;
        context.notes.write(new Event.FaultBegan(fault, consumer));
        faultsOpen++;
        return fault;
    }

    private void healed(String fault) {
        faultsOpen--;
        context.notes.write(new Event.FaultHealed(fault));
    }

    private static void later(long millis, Runnable task) {
        Scheduler.spawn("world", "healer", () -> {
            sleepUntil(System.nanoTime() + millis * 1_000_000);
            task.run();
        });
    }

    private void heal() {
        Controlled.await(
                () -> faultsOpen == 0
                        && userFaultsOpen == 0
                        && producers.stream().allMatch(ProducerScript::isDone)
                        && operators.stream().allMatch(OperatorProcess::isDone),
                Long.MAX_VALUE);
    }

    private List<Source> allSources() {
        List<Source> sources = new ArrayList<>(context.sources());
        if (context.plan.setup().chained()) {
            sources.add(Queue.of(Names.OUTPUT));
        }
        return sources;
    }

    /** There is a consumer for everything. */
    private void joinLast() {
        for (Source source : allSources()) {
            join("last-" + source.path().replace('/', '-'), source);
        }
    }

    /** There is time, too. */
    private void drain() {
        long deadline = System.nanoTime() + drainNanos();
        while (allSources().stream().anyMatch(this::isGoingOn) && deadline - System.nanoTime() > 0) {
            Controlled.await(() -> false, LOOK_NANOS);
        }
    }

    private long drainNanos() {
        return context.plan.setup().isPatient() ? PATIENT_DRAIN_NANOS : DRAIN_NANOS;
    }

    /** Nothing goes on where everything is done or all consumers have stopped. */
    private boolean isGoingOn(Source source) {
        return backlog(source) > 0
                && members.values().stream()
                        .anyMatch(member -> member.source().equals(source) && member.isLive() && !member.hasStopped());
    }

    /** Where there are operators, nothing is broken at the end, and so no dead letter is left. */
    private void redriveLast() {
        if (context.plan.operations().stream().noneMatch(Redrive.class::isInstance)) {
            return;
        }
        context.repair();
        context.sources().forEach(this::redrive);
        Controlled.await(() -> operators.stream().allMatch(OperatorProcess::isDone), Long.MAX_VALUE);
        drain();
        for (Source source : context.sources()) {
            int left = context.broker.browse(Names.dead(source)).size();
            if (left > 0) {
                context.userCode.complain(left + " letters of " + source + " are left after the last redrive");
            }
        }
    }

    private void lookAtBacklogs() {
        for (Source source : allSources()) {
            context.notes.write(new Event.BacklogSeen(source.path(), backlog(source)));
        }
    }

    /** Nothing is broken any more and nothing is left to do: no consumer has stopped, and none holds anything back. */
    private void requireRecovery() {
        long deadline = System.nanoTime() + DRAIN_NANOS;
        List<String> troubles = troubles();
        while (!troubles.isEmpty() && deadline - System.nanoTime() > 0) {
            Controlled.await(() -> false, LOOK_NANOS);
            troubles = troubles();
        }
        troubles.forEach(context.userCode::complain);
        for (ProducerScript producer : producers) {
            if (producer.inFlight() > 0) {
                context.userCode.complain("a producer still has " + producer.inFlight() + " sends in flight");
            }
        }
    }

    private List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        for (MemberProcess member : members.values()) {
            String trouble = member.trouble();
            if (trouble != null) {
                troubles.add(member.name + " has not recovered: " + trouble);
            }
        }
        return troubles;
    }

    private int backlog(Source source) {
        return context.broker.metrics(source.path()).map(World::unsettled).orElse(0);
    }

    private static int unsettled(QueueMetrics metrics) {
        return metrics.ready() + metrics.inFlight() + metrics.delayed();
    }

    private void end(MessagingClient client, VirtualTime time) {
        members.values().forEach(MemberProcess::close);
        Controlled.await(
                () -> members.values().stream().allMatch(member -> member.isClosed() || member.isCrashed()),
                Long.MAX_VALUE);
        if (context.plan.setup().keepsLetters()) {
            context.sources().forEach(this::readDeadLetters);
        }
        context.notes.end();
        context.store.shutDown();
        context.userCode.shutDown();
        List<MemberProcess> dead =
                members.values().stream().filter(MemberProcess::isCrashed).toList();
        dead.forEach(MemberProcess::bury);
        Controlled.await(() -> dead.stream().allMatch(MemberProcess::isClosed), Long.MAX_VALUE);
        client.close();
        time.close();
        context.broker.shutdown();
        unfinished--;
    }

    private void readDeadLetters(Source source) {
        for (StoredMessage dead : context.broker.browse(Names.dead(source))) {
            if (context.notes.isUnknown(source.path(), dead.id())) {
                continue;
            }
            context.notes.write(new Event.DeadLetterFound(
                    source.path(),
                    dead.id(),
                    Notes.content(dead.key(), new String(dead.body(), StandardCharsets.UTF_8), dead.headers()),
                    Integer.parseInt(dead.headers().getOrDefault(WireHeaders.DEAD_ATTEMPTS, "-1")),
                    dead.headers().getOrDefault(WireHeaders.DEAD_REASON, "")));
        }
    }
}
