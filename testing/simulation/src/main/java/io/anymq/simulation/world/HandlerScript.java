package io.anymq.simulation.world;

import io.anymq.Delivery;
import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.TimeSource;
import io.anymq.history.Event;
import io.anymq.simulation.plan.Operation.Send;
import io.anymq.simulation.scheduler.Controlled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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

    private final RunContext context;
    private final String source;
    private final String consumer;

    HandlerScript(RunContext context, String source, String consumer) {
        this.context = context;
        this.source = source;
        this.consumer = consumer;
    }

    void handle(Delivery<String> delivery) throws Exception {
        started(delivery);
        boolean succeeded = false;
        try {
            Controlled.sleep(context.script(delivery.id()).workMicros() * 1_000);
            finish(delivery, true);
            succeeded = true;
        } finally {
            ended(delivery, succeeded);
        }
    }

    CompletionStage<?> handleAsync(Delivery<String> delivery, TimeSource time) {
        started(delivery);
        CompletableFuture<Void> stages = new CompletableFuture<>();
        time.schedule(
                () -> {
                    Exception failure = null;
                    try {
                        finish(delivery, true);
                    } catch (Exception e) {
                        failure = e;
                    }
                    ended(delivery, failure == null);
                    if (failure == null) {
                        stages.complete(null);
                    } else {
                        stages.completeExceptionally(failure);
                    }
                },
                Duration.ofNanos(context.script(delivery.id()).workMicros() * 1_000));
        return stages;
    }

    /**
     * A message of a batch counts as handled once the whole batch has succeeded; alone it is an attempt like any other.
     */
    void handleBatch(List<? extends Delivery<String>> deliveries) throws Exception {
        if (deliveries.size() == 1) {
            handle(deliveries.get(0));
            return;
        }
        for (Delivery<String> delivery : deliveries) {
            Controlled.sleep(context.script(delivery.id()).workMicros() * 1_000);
            finish(delivery, false);
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
        if (delivery.attempt() <= script.failures()) {
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
