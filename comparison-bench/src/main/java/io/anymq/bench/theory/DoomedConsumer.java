package io.anymq.bench.theory;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.io.IOException;
import java.time.Duration;

/**
 * A process of its own that consumes a queue, says on standard output what it has handled, and dies of one message. It ends in
 * good order when its standard input does.
 */
final class DoomedConsumer {
    /** The body that it dies of. */
    static final String POISON = "poison";

    /** The exit code of that death. */
    static final int DEATH = 7;

    /** How often a message is tried. */
    static final int ATTEMPTS = 3;

    private DoomedConsumer() {}

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
            int next = System.in.read();
            while (next >= 0) {
                next = System.in.read();
            }
        }
        // Whatever thread is left must not keep the one who waits for the end of this process.
        System.exit(0);
    }
}
