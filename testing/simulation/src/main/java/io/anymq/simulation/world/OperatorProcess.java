package io.anymq.simulation.world;

import io.anymq.ErrorCode;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.Source;
import io.anymq.simulation.scheduler.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** An operator who sends the dead letters of a source back to it, with a client of its own, and goes. */
final class OperatorProcess {
    private final RunContext context;
    private final String name;
    private final Source source;
    private boolean done;

    OperatorProcess(RunContext context, int number, Source source) {
        this.context = context;
        this.name = Names.OPERATOR + number;
        this.source = source;
    }

    void start() {
        Scheduler.spawn(name, name, this::redrive);
    }

    boolean isDone() {
        return done;
    }

    private void redrive() {
        VirtualTime time = new VirtualTime(name);
        try (MessagingClient client = context.connect(name, time, null, null)) {
            RedriveOptions options = RedriveOptions.builder()
                    .idle(Duration.ofMillis(250))
                    .maxRedrives(100)
                    .build();
            RedriveReport unused =
                    client.redrive(Queue.of(Names.dead(source)), options).join();
        } catch (MessagingException | CompletionException e) {
            if (!isMissing(e)) {
                context.userCode.complain("a redrive of " + source + " failed although nothing is broken: " + e);
            }
        } finally {
            time.close();
            done = true;
        }
    }

    /** No letter was ever written, so there is no queue for them. */
    private static boolean isMissing(Throwable e) {
        Throwable cause = e instanceof CompletionException ? e.getCause() : e;
        return cause instanceof MessagingException known && known.code() == ErrorCode.NOT_FOUND;
    }
}
