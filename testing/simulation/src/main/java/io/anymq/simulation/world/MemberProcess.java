package io.anymq.simulation.world;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
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
import io.anymq.simulation.scheduler.Controlled;
import io.anymq.simulation.scheduler.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One consumer in a process of its own, with its own connection. */
final class MemberProcess {
    private static final long RETRY_NANOS = 20_000_000;

    final String name;
    private final RunContext context;
    private final Source source;
    private @Nullable VirtualTime time;
    private @Nullable MessagingClient client;
    private @Nullable Consumer consumer;
    private boolean started;
    private boolean closing;
    private boolean closed;
    private boolean crashed;

    MemberProcess(RunContext context, String name, Source source) {
        this.context = context;
        this.name = name;
        this.source = source;
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
                    client = context.connect(name, time, observer());
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
        HandlerScript script = new HandlerScript(context, source.path(), name);
        ConsumerBuilder<String> builder = connected
                .consumer(source, String.class)
                .concurrency(setup.concurrency())
                .flow(FlowControl.ofMaxInFlight(setup.maxInFlight()))
                .drainTimeout(Duration.ofMillis(setup.drainMillis()))
                .retry(retry(setup))
                .deadLetter(deadLetter(setup));
        if (setup.idempotent()) {
            builder.idempotency(IdempotencyPolicy.builder(context.store)
                    .lease(Duration.ofMillis(400))
                    .build());
        }
        return switch (setup.handler()) {
            case ONE -> builder.start(script::handle);
            case ASYNC -> builder.startAsync(delivery -> script.handleAsync(delivery, clock));
            case BATCH -> builder.startBatch(4, script::handleBatch);
        };
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
