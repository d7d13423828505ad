package io.anymq.examples;

import static org.awaitility.Awaitility.await;

import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A program that sends itself a job and consumes until it ends, in one of three ways. It says what happens. */
final class Worker {
    /** When it ends. */
    enum Until {
        /** As soon as it has sent. */
        SENT,
        /** Its {@code main} returns at once; its handler closes the client. */
        HANDLED,
        /** It waits for SIGTERM, as docs/getting-started.md has it. */
        ASKED
    }

    private Worker() {}

    static Queue jobs(Until until) {
        return Queue.of("jobs-until-" + until.name().toLowerCase(Locale.ROOT));
    }

    private static void say(String what) {
        System.out.println(what);
        System.out.flush();
    }

    public static void main(String[] arguments) throws Exception {
        Until until = Until.valueOf(arguments[0]);
        Queue jobs = jobs(until);
        MessagingClient client = MessagingClient.open();
        client.producer(jobs, String.class).send(Message.of("job").withKey("k")).get(1, TimeUnit.MINUTES);
        if (until == Until.ASKED) {
            // the first call prepares for the signal, and the test must not be quicker than that
            boolean unusedYet = client.awaitShutdown(Duration.ZERO);
            sayWhenClosing(client);
        }
        if (until != Until.SENT) {
            client.consumer(jobs, String.class).start(delivery -> {
                say("handling");
                int unused = System.in.read();
                say("handled");
                if (until == Until.HANDLED) {
                    client.close();
                }
            });
        }
        if (until == Until.ASKED) {
            client.awaitShutdown();
        }
        say("main returns");
    }

    private static void sayWhenClosing(MessagingClient client) {
        Thread watch = new Thread(() -> {
            // a broker that is slow to answer is not a client that closes
            await().forever()
                    .until(() -> client.health(Duration.ofSeconds(5)).equals(Health.down("the client is closed")));
            say("closing");
        });
        watch.setDaemon(true);
        watch.start();
    }
}
