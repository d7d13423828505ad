package io.anymq.simulation.world;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.SendException;
import io.anymq.history.Event;
import io.anymq.history.SendOutcome;
import io.anymq.simulation.plan.Operation.Send;
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
    private int open;
    private boolean done;

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

    void run() {
        Producer<String> producer = client.producer(
                context.destination(),
                String.class,
                client.producerOptions().toBuilder()
                        .maxInFlight(context.plan.setup().window())
                        .maxBlock(Duration.ofMillis(300))
                        .build());
        for (Send send : sends) {
            Controlled.await(() -> false, begin + send.at() * 1_000 - System.nanoTime());
            send(producer, send);
        }
        done = true;
    }

    private void send(Producer<String> producer, Send send) {
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
            producer.blockedKeys().forEach(producer::resumeKey);
        }
        String destination = context.destination().name();
        context.notes.write(new Event.Sent(
                name,
                destination,
                send.id(),
                Notes.content(message.key(), message.body(), message.headers()),
                send.delayMillis() * 1_000_000));
        open++;
        CompletableFuture<?> unused = producer.send(message).whenComplete((receipt, failure) -> {
            context.notes.write(new Event.SendEnded(name, destination, send.id(), outcome(failure)));
            open--;
        });
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
