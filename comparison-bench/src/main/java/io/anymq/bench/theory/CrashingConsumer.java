package io.anymq.bench.theory;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * A process that consumes a queue, prints what it has handled, and dies of one message. It ends normally when its standard input
 * is closed.
 */
final class CrashingConsumer {
    /** The body that kills it. */
    static final String POISON = "poison";

    /** The exit code of that death. */
    static final int DEATH = 7;

    private static final int ATTEMPTS = 3;

    private CrashingConsumer() {}

    /** URL, queue, dead-letter queue, and settings as {@code key=value}. */
    public static void main(String[] args) throws IOException {
        MessagingClient.Builder builder = MessagingClient.builder().url(args[0]);
        for (int i = 3; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            builder.set(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        try (MessagingClient client = builder.open()) {
            var unused = client.consumer(Queue.of(args[1]), String.class)
                    .retry(RetryPolicy.fixed(ATTEMPTS, Duration.ofMillis(20)))
                    .deadLetter(DeadLetterPolicy.to(args[2]))
                    .drainTimeout(Duration.ofSeconds(2))
                    .start(delivery -> {
                        if (delivery.body().equals(POISON)) {
                            Runtime.getRuntime().halt(DEATH);
                        }
                        System.out.println(delivery.body());
                        System.out.flush();
                    });
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        // A remaining thread must not delay the end of this process.
        System.exit(0);
    }
}
