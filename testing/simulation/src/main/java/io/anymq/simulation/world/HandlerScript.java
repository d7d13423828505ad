package io.anymq.simulation.world;

import io.anymq.Delivery;
import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.TimeSource;
import io.anymq.history.Event;
import io.anymq.simulation.plan.Operation.Send;
import io.anymq.simulation.plan.UserFault;
import io.anymq.simulation.plan.UserFault.Kind;
import io.anymq.simulation.plan.UserFault.Place;
import io.anymq.simulation.scheduler.Controlled;
import io.anymq.simulation.scheduler.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Handles each message as planned: works, sends an output, fails. */
final class HandlerScript {
    /** Not retried. */
    static final class Permanent extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Retried. */
    static final class Passing extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** No hand-over of this length interrupts handlers: none of them takes so long. */
    private static final long LONG_DRAIN_MILLIS = 2_000;

    private final RunContext context;
    private final MemberProcess member;
    private final String source;
    private final String consumer;
    private final @Nullable UserInterceptor interceptor;

    HandlerScript(RunContext context, MemberProcess member, String source, @Nullable UserInterceptor interceptor) {
        this.context = context;
        this.member = member;
        this.source = source;
        this.consumer = member.name;
        this.interceptor = interceptor;
    }

    void handle(Delivery<String> delivery) throws Exception {
        requireCalm();
        started(delivery);
        boolean succeeded = false;
        try {
            UserFault fault = context.userCode.strike(Place.HANDLER);
            if (fault != null) {
                misbehave(fault, MemberProcess.CLOSES_AT_ONCE);
            }
            Controlled.sleep(context.script(delivery.id()).workMicros() * 1_000);
            finish(delivery, true);
            succeeded = !isDoomed(delivery);
            if (fault != null && fault.kind() == Kind.INTERRUPT) {
                Thread.currentThread().interrupt();
            }
        } finally {
            ended(delivery, succeeded);
        }
    }

    @SuppressWarnings("NullAway") // null on purpose
    CompletionStage<?> handleAsync(Delivery<String> delivery, TimeSource time) {
        requireCalm();
        started(delivery);
        UserFault fault = context.userCode.strike(Place.HANDLER);
        CompletableFuture<Void> stages = new CompletableFuture<>();
        Runnable work = () -> {
            Throwable failure = null;
            try {
                finish(delivery, true);
            } catch (Throwable e) {
                failure = e;
            }
            end(delivery, stages, failure);
        };
        long workNanos = context.script(delivery.id()).workMicros() * 1_000;
        if (fault == null) {
            later(time, work, workNanos);
        } else if (fault.kind() == Kind.NULL) {
            ended(delivery, false);
            return null;
        } else if (fault.kind() == Kind.UNREADABLE || context.userCode.flip()) {
            // before there is a stage; CompletableFuture itself does not survive an unreadable exception in one
            try {
                misbehave(fault, MemberProcess.CLOSES_AT_ONCE);
            } catch (Throwable e) {
                ended(delivery, false);
                throw e;
            }
            later(time, work, workNanos);
            if (fault.kind() == Kind.INTERRUPT) {
                Thread.currentThread().interrupt();
            }
        } else {
            Scheduler.spawn(consumer, consumer + "-work", () -> {
                try {
                    misbehave(
                            fault,
                            MemberProcess.CLOSES_AT_ONCE.plusMillis(
                                    context.plan.setup().drainMillis()));
                    work.run();
                } catch (Throwable e) {
                    end(delivery, stages, e);
                }
            });
        }
        return stages;
    }

    /** An interruption that another message's handler left behind is not meant for this one. */
    private void requireCalm() {
        boolean mayBeForced = context.plan.setup().drainMillis() < LONG_DRAIN_MILLIS || !Scheduler.isPunctual();
        if (!mayBeForced && member.isLive() && Thread.currentThread().isInterrupted()) {
            context.userCode.complain("a handler of " + consumer + " is called on an interrupted thread");
        }
    }

    /** On a thread of the application's where it misbehaves: the timer's belongs to the engine, too. */
    private void later(TimeSource time, Runnable work, long nanos) {
        if (context.userCode.isAny()) {
            Scheduler.spawn(consumer, consumer + "-work", () -> {
                Controlled.await(() -> false, nanos);
                work.run();
            });
        } else {
            time.schedule(work, Duration.ofNanos(nanos));
        }
    }

    private void end(Delivery<String> delivery, CompletableFuture<Void> stages, @Nullable Throwable failure) {
        ended(delivery, failure == null && !isDoomed(delivery));
        if (failure == null) {
            stages.complete(null);
        } else {
            stages.completeExceptionally(failure);
        }
    }

    private void misbehave(UserFault fault, Duration closesWithin) {
        switch (fault.kind()) {
            case CLOSE_CONSUMER, CLOSE_CLIENT, CLOSE_TWICE -> member.closeFromInside(fault.kind(), closesWithin);
            case NULL -> throw new NullPointerException("thrown on purpose by the simulation");
            default -> context.userCode.commit(fault);
        }
    }

    /** An interceptor let the attempt fail before there was a call of the handler. */
    void failedBefore(List<Delivery<?>> deliveries) {
        if (deliveries.size() == 1) {
            Delivery<?> delivery = deliveries.get(0);
            context.notes.write(new Event.HandlerStarted(
                    source,
                    consumer,
                    delivery.id(),
                    delivery.attempt(),
                    Notes.content(delivery.key(), (String) delivery.body(), delivery.headers())));
            context.notes.write(new Event.HandlerEnded(source, consumer, delivery.id(), delivery.attempt(), false));
        }
    }

    private boolean isDoomed(Delivery<String> delivery) {
        UserInterceptor around = interceptor;
        return around != null && around.isDoomed(delivery);
    }

    /**
     * A message of a batch counts as handled once the whole batch has succeeded; alone it is an attempt like any other.
     */
    void handleBatch(List<? extends Delivery<String>> deliveries) throws Exception {
        if (deliveries.size() == 1) {
            handle(deliveries.get(0));
            return;
        }
        UserFault fault = context.userCode.strike(Place.HANDLER);
        if (fault != null) {
            misbehave(fault, MemberProcess.CLOSES_AT_ONCE);
        }
        for (Delivery<String> delivery : deliveries) {
            Controlled.sleep(context.script(delivery.id()).workMicros() * 1_000);
            finish(delivery, false);
        }
        if (isDoomed(deliveries.get(0))) {
            return;
        }
        for (Delivery<String> delivery : deliveries) {
            started(delivery);
            publishedInBatch(delivery);
            ended(delivery, true);
        }
    }

    private void started(Delivery<String> delivery) {
        context.notes.write(new Event.HandlerStarted(
                source,
                consumer,
                delivery.id(),
                delivery.attempt(),
                Notes.content(delivery.key(), delivery.body(), delivery.headers())));
    }

    private void ended(Delivery<String> delivery, boolean succeeded) {
        context.notes.write(new Event.HandlerEnded(source, consumer, delivery.id(), delivery.attempt(), succeeded));
        if (succeeded && context.recordsEffects()) {
            context.notes.write(new Event.EffectApplied(source, delivery.id()));
        }
    }

    private void finish(Delivery<String> delivery, boolean writeDown) throws Exception {
        Send script = context.script(delivery.id());
        if (sendsOutput(script)) {
            Message<String> output = output(delivery);
            if (writeDown) {
                published(delivery, output);
            }
            delivery.publish(Queue.of(Names.OUTPUT), output);
        }
        if (delivery.attempt() <= script.failures() && !context.isRepaired()) {
            throw script.permanent() ? new Permanent() : new Passing();
        }
    }

    private boolean sendsOutput(Send script) {
        return context.plan.setup().chained() && script.output();
    }

    private Message<String> output(Delivery<String> delivery) {
        Message<String> output = Message.of("output of " + delivery.id()).withId(Names.output(source, delivery.id()));
        return delivery.key() == null ? output : output.withKey(delivery.key());
    }

    private void publishedInBatch(Delivery<String> delivery) {
        if (sendsOutput(context.script(delivery.id()))) {
            published(delivery, output(delivery));
        }
    }

    private void published(Delivery<String> delivery, Message<String> output) {
        context.notes.write(new Event.OutputPublished(
                source,
                consumer,
                delivery.id(),
                delivery.attempt(),
                Names.OUTPUT,
                Names.output(source, delivery.id()),
                Notes.content(output.key(), output.body(), output.headers())));
    }
}
