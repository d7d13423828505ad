package io.anymq.simulation.world;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.history.Event;
import io.anymq.history.SendOutcome;
import io.anymq.simulation.plan.Operation.Send;
import io.anymq.simulation.plan.UserFault;
import io.anymq.simulation.plan.UserFault.Kind;
import io.anymq.simulation.plan.UserFault.Place;
import io.anymq.simulation.scheduler.Controlled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Sends one producer's messages, in one thread, each at its time. */
final class ProducerScript {
    private final RunContext context;
    private final MessagingClient client;
    private final String name;
    private final List<Send> sends;
    private final long begin;
    private @Nullable Producer<String> producer;
    private int open;
    private boolean done;
    private int further;

    ProducerScript(RunContext context, MessagingClient client, String name, List<Send> sends, long begin) {
        this.context = context;
        this.client = client;
        this.name = name;
        this.sends = sends;
        this.begin = begin;
    }

    /** Whether each of its sends has ended. */
    boolean isDone() {
        return done && open == 0;
    }

    /** Sends that still count against its bound. */
    int inFlight() {
        Producer<String> sending = producer;
        return sending == null ? 0 : sending.inFlight();
    }

    void run() {
        Producer<String> opened = client.producer(
                context.destination(),
                String.class,
                client.producerOptions().toBuilder()
                        .maxInFlight(context.plan.setup().window())
                        .maxBlock(Duration.ofMillis(300))
                        .build());
        producer = opened;
        for (Send send : sends) {
            Controlled.await(() -> false, begin + send.at() * 1_000 - System.nanoTime());
            send(opened, send);
        }
        done = true;
    }

    private void send(Producer<String> opened, Send send) {
        Message<String> message =
                Message.of("body of " + send.id()).withId(send.id()).withHeaders(Map.of("number", send.id()));
        if (send.key() != null) {
            message = message.withKey(send.key());
        }
        if (send.delayMillis() > 0) {
            message = message.withDelay(Duration.ofMillis(send.delayMillis()));
        }
        // after a gap: every other one resumes, the rest is refused until one does
        if (send.id().hashCode() % 2 == 0) {
            opened.blockedKeys().forEach(opened::resumeKey);
        }
        CompletableFuture<Receipt> sent = send(opened, name, send.id(), message, send.delayMillis());
        if (context.userCode.has(Place.STAGE)) {
            open++;
            CompletableFuture<?> unused = sent.whenComplete((receipt, failure) -> {
                try {
                    stage(opened, send);
                } finally {
                    open--;
                }
            });
        }
    }

    private CompletableFuture<Receipt> send(
            Producer<String> opened, String thread, String id, Message<String> message, long delayMillis) {
        String destination = context.destination().name();
        context.notes.write(new Event.Sent(
                thread,
                destination,
                id,
                Notes.content(message.key(), message.body(), message.headers()),
                delayMillis * 1_000_000));
        open++;
        CompletableFuture<Receipt> sent = opened.send(message);
        CompletableFuture<?> unused = sent.whenComplete((receipt, failure) -> {
            context.userCode.requireMayBlock(Place.STAGE);
            context.notes.write(new Event.SendEnded(thread, destination, id, outcome(failure)));
            open--;
        });
        return sent;
    }

    /** Runs when a send has ended: does nothing, or what it must not be punished for. */
    private void stage(Producer<String> opened, Send send) {
        UserFault fault = context.userCode.strike(Place.STAGE);
        if (fault == null) {
            return;
        }
        if (fault.kind() == Kind.SEND) {
            String id = send.id() + "-next-" + ++further;
            Message<String> message = Message.of("body of " + id).withId(id).withHeaders(Map.of("number", id));
            if (send.key() != null) {
                message = message.withKey(send.key());
            }
            CompletableFuture<Receipt> next = send(opened, name + "-" + id, id, message, 0);
            if (context.userCode.flip()) {
                Receipt unused = next.join();
            } else {
                String unused = next.handle((receipt, failure) -> "").join();
            }
        } else {
            context.userCode.commit(fault);
        }
    }

    private static SendOutcome outcome(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            return SendOutcome.CONFIRMED;
        }
        if (cause instanceof SendException send) {
            return SendOutcome.valueOf(send.outcome().name());
        }
        throw new MessagingException(
                io.anymq.ErrorCode.INTERNAL,
                "a send ended with " + cause.getClass().getName());
    }
}
