package io.anymq.simulation.world;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.Health;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Source;
import io.anymq.history.Event;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.RetryPolicy;
import io.anymq.simulation.plan.Setup;
import io.anymq.simulation.plan.Setup.End;
import io.anymq.simulation.plan.UserFault.Kind;
import io.anymq.simulation.plan.UserFault.Place;
import io.anymq.simulation.scheduler.Controlled;
import io.anymq.simulation.scheduler.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One consumer in a process of its own, with its own connection. */
final class MemberProcess {
    /** What a close may take that waits for nothing. */
    static final Duration CLOSES_AT_ONCE = Duration.ofSeconds(1);

    private static final long RETRY_NANOS = 20_000_000;

    final String name;
    private final RunContext context;
    private final Source source;
    private final @Nullable UserInterceptor interceptor;
    private @Nullable VirtualTime time;
    private @Nullable MessagingClient client;
    private @Nullable Consumer consumer;
    private boolean started;
    private boolean closing;
    private boolean closed;
    private boolean crashed;
    private int freezes;

    MemberProcess(RunContext context, String name, Source source) {
        this.context = context;
        this.name = name;
        this.source = source;
        this.interceptor = context.interceptor();
    }

    Source source() {
        return source;
    }

    boolean isLive() {
        return !closing && !crashed;
    }

    boolean isReceiving() {
        return started && isLive();
    }

    /** Its process stands still for a while: what it does meanwhile may take long. */
    void frozen() {
        freezes++;
    }

    /** The reason why it cannot go on working, or null. */
    @Nullable
    String trouble() {
        if (!isLive()) {
            return null;
        }
        Consumer running = consumer;
        if (!started || running == null) {
            return "it has not started";
        }
        if (hasStopped()) {
            return null;
        }
        Health health = running.health();
        if (health.status() != Health.Status.UP) {
            return "it is " + health.status() + ", " + health.detail();
        }
        return running.inFlight() == 0 ? null : "it still holds " + running.inFlight() + " messages";
    }

    /** Whether its consumer met a message at which its policy says STOP. */
    boolean hasStopped() {
        Consumer running = consumer;
        return context.plan.setup().giveUp() == End.STOP
                && running != null
                && running.whenClosed().isCompletedExceptionally();
    }

    boolean isCrashed() {
        return crashed;
    }

    boolean isClosed() {
        return closed;
    }

    void join() {
        context.notes.write(new Event.ConsumerOpened(source.path(), name));
        Scheduler.spawn(name, name, this::open);
    }

    private void open() {
        time = new VirtualTime(name);
        while (!closing) {
            try {
                if (client == null) {
                    client = context.connect(name, time, observer(), interceptor);
                }
                consumer = start(client, time);
                break;
            } catch (MessagingException e) {
                Controlled.await(() -> closing, RETRY_NANOS);
            }
        }
        started = true;
    }

    private Consumer start(MessagingClient connected, VirtualTime clock) {
        Setup setup = context.plan.setup();
        HandlerScript script = new HandlerScript(context, this, source.path(), interceptor);
        if (interceptor != null) {
            interceptor.surround(script);
        }
        ConsumerBuilder<String> builder = connected
                .consumer(source, String.class)
                .concurrency(setup.concurrency())
                .flow(FlowControl.ofMaxInFlight(setup.maxInFlight()))
                .drainTimeout(Duration.ofMillis(setup.drainMillis()))
                .retry(retry(setup))
                .deadLetter(deadLetter(setup));
        UserCode code = context.userCode;
        if (code.has(Place.EXECUTOR)) {
            builder.executor(new UserExecutor(code, name));
        }
        if (setup.idempotent()) {
            IdempotencyPolicy policy = IdempotencyPolicy.builder(context.store)
                    .lease(Duration.ofMillis(400))
                    .build();
            if (code.has(Place.KEY_FUNCTION)) {
                builder.idempotency(policy, this::key);
            } else {
                builder.idempotency(policy);
            }
        }
        return switch (setup.handler()) {
            case ONE -> builder.start(script::handle);
            case ASYNC -> builder.startAsync(delivery -> script.handleAsync(delivery, clock));
            case BATCH -> builder.startBatch(4, script::handleBatch);
        };
    }

    @SuppressWarnings("NullAway") // on purpose
    private String key(Delivery<String> delivery) {
        return context.userCode.at(Place.KEY_FUNCTION) ? null : delivery.id();
    }

    private static RetryPolicy retry(Setup setup) {
        return RetryPolicy.builder()
                .maxAttempts(setup.maxAttempts())
                .initialDelay(Duration.ofMillis(setup.retryMillis()))
                .multiplier(setup.multiplier())
                .jitter(setup.jitter())
                .inPlaceLimit(Duration.ofMillis(setup.inPlaceMillis()))
                .permanentOn(HandlerScript.Permanent.class)
                .build();
    }

    private static DeadLetterPolicy deadLetter(Setup setup) {
        return switch (setup.giveUp()) {
            case DEAD_LETTER -> DeadLetterPolicy.DEFAULT;
            case PARK_KEY -> DeadLetterPolicy.parkKey();
            case DISCARD -> DeadLetterPolicy.discard();
            case STOP -> DeadLetterPolicy.stop();
        };
    }

    private MessagingObserver observer() {
        return new MessagingObserver() {
            @Override
            public void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
                context.notes.write(new Event.DuplicateSkipped(event.source().path(), name, event.messageId()));
            }
        };
    }

    void pause(long millis) {
        Consumer running = consumer;
        if (running == null || !isReceiving()) {
            return;
        }
        Scheduler.spawn(name, name + "-pause", () -> {
            running.pause();
            Controlled.await(() -> closing, millis * 1_000_000);
            running.resume();
        });
    }

    /** Closes in its own process; {@link #isClosed} tells when that is over. */
    void close() {
        if (!isLive()) {
            return;
        }
        closing = true;
        Scheduler.spawn(name, name + "-close", () -> {
            Controlled.await(() -> started, Long.MAX_VALUE);
            context.notes.write(new Event.ConsumerClosing(source.path(), name));
            long begin = System.nanoTime();
            Consumer running = consumer;
            if (running != null) {
                running.close();
            }
            long took = System.nanoTime() - begin;
            context.notes.write(new Event.ConsumerClosed(
                    source.path(), name, took < context.plan.setup().drainMillis() * 1_000_000));
            disconnect();
        });
    }

    /** In one of its own handlers, or in a stage: {@code within} bounds how long that may take. */
    void closeFromInside(Kind kind, Duration within) {
        Consumer running = consumer;
        MessagingClient connected = client;
        if (running == null || connected == null || !isLive()) {
            return;
        }
        closing = true;
        context.notes.write(new Event.ConsumerClosing(source.path(), name));
        long begin = System.nanoTime();
        int before = freezes;
        CompletableFuture<?> unused = running.whenClosed().whenComplete((ended, failure) -> {
            context.userCode.requireMayBlock(Place.STAGE);
            if (failure != null) {
                context.userCode.complain(name + " was closed, but ended with " + failure);
            }
            context.notes.write(new Event.ConsumerClosed(
                    source.path(),
                    name,
                    System.nanoTime() - begin < context.plan.setup().drainMillis() * 1_000_000));
            if (kind != Kind.CLOSE_TWICE) {
                closeClientInStage(connected);
            }
            Scheduler.spawn(name, name + "-disconnect", this::disconnect);
        });
        if (kind == Kind.CLOSE_CLIENT) {
            connected.close();
        } else {
            if (kind == Kind.CLOSE_TWICE) {
                Scheduler.spawn(name, name + "-close-client", connected::close);
                Scheduler.spawn(name, name + "-close-too", running::close);
            }
            running.close();
        }
        requireWithin(within, begin, before, "from inside");
    }

    private void closeClientInStage(MessagingClient connected) {
        long begin = System.nanoTime();
        int before = freezes;
        connected.close();
        requireWithin(CLOSES_AT_ONCE, begin, before, "in a stage");
    }

    private void requireWithin(Duration bound, long begin, int freezesBefore, String where) {
        long took = System.nanoTime() - begin;
        if (Scheduler.isPunctual() && freezes == freezesBefore && took > bound.toNanos()) {
            context.userCode.complain("a close of " + name + " " + where + " took " + took / 1_000_000 + " ms");
        }
    }

    private void disconnect() {
        MessagingClient connected = client;
        if (connected != null) {
            connected.close();
        }
        VirtualTime clock = time;
        if (clock != null) {
            clock.close();
        }
        closed = true;
    }

    /** The process is killed: it never runs again, and the broker takes its messages back. */
    void crash() {
        if (crashed || closed) {
            return;
        }
        context.notes.write(new Event.ConsumerCrashed(source.path(), name));
        crashed = true;
        Scheduler.freeze(name);
        context.broker.isolate(name);
    }

    /** Once the history has ended: lets the dead threads end, too, cut off from everything. */
    void bury() {
        closing = true;
        Scheduler.spawn(name, name + "-bury", () -> {
            Controlled.await(() -> started, Long.MAX_VALUE);
            disconnect();
        });
        Scheduler.thaw(name);
    }
}
