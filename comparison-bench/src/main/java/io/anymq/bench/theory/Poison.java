package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
import io.anymq.history.check.Invariant;
import io.anymq.history.check.RetryRules;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** One message that can never be handled: tried for ever it blocks what is behind it; with an end it does not. */
final class Poison implements Demonstration {
    private static final int KEYS = 10;
    private static final int MESSAGES = 200;
    private static final int BAD = 20;
    private static final Duration DELAY = Duration.ofMillis(20);
    private static final Duration WATCHED = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "poison";
    }

    @Override
    public String claim() {
        return "One of 200 messages makes its handler fail whenever it comes: what becomes of the messages behind it?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "Tried for ever, it had been tried {tried for ever|attempts on the bad message} times in the end,"
                        + " and {tried for ever|good messages still stuck behind it} good messages were still stuck behind it.",
                "With three attempts it was tried {3 attempts, then dead letter|attempts on the bad message} times, the dead"
                        + " letter holds {3 attempts, then dead letter|messages in the dead letter}, and of the good ones"
                        + " {3 attempts, then dead letter|good messages still stuck behind it} were stuck; the retries came"
                        + " {3 attempts, then dead letter|latest retry, ms after it was due} ms late at most.");
    }

    @Override
    public List<String> variants() {
        return List.of("tried for ever", "3 attempts, then dead letter");
    }

    @Override
    public double estimatedSeconds(boolean thorough) {
        return 4;
    }

    @Override
    public String company() {
        return "counted";
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        boolean ends = variant.startsWith("3");
        Queue queue = Queue.of(stage.name("orders"));
        Queue dead = Queue.of(stage.name("dead"));
        RetryPolicy retry = RetryPolicy.fixed(ends ? 3 : 1_000_000, DELAY);
        AtomicLong attempts = new AtomicLong();
        ConcurrentLinkedQueue<Long> tries = new ConcurrentLinkedQueue<>();
        AtomicLong handled = new AtomicLong();
        AtomicLong behind = new AtomicLong();
        AtomicLong buried = new AtomicLong();
        stage.chronicle()
                .expect(queue, RetryRules.fixed(retry.maxAttempts(), DELAY).withTolerance(Duration.ofMillis(2)));
        if (!ends) {
            // What waits behind a message that is tried for ever is late, not lost.
            stage.chronicle().leaveOut(Invariant.I1);
            stage.chronicle().leaveOut(Invariant.I14);
        }
        stage.consume(queue, builder -> builder.retry(retry).deadLetter(DeadLetterPolicy.to(dead.name())), delivery -> {
            int number = Integer.parseInt(delivery.body());
            if (number == BAD) {
                attempts.incrementAndGet();
                tries.add(System.nanoTime());
                throw new IllegalStateException("cannot be handled, ever");
            }
            if (number > BAD && number % KEYS == BAD % KEYS) {
                behind.incrementAndGet();
            }
            handled.incrementAndGet();
        });
        if (ends) {
            stage.consumeUnrecorded(dead, builder -> builder, delivery -> buried.incrementAndGet());
        }
        long good;
        try (Producer<String> producer = stage.producer(queue)) {
            for (int number = 0; number < MESSAGES; number++) {
                var unused =
                        stage.send(producer, Message.of(String.valueOf(number)).withKey("customer-" + number % KEYS));
            }
            stage.awaitSends();
            good = stage.confirmed() - 1;
            if (ends) {
                Stage.await(Duration.ofSeconds(20), () -> handled.get() >= good && buried.get() > 0);
            } else {
                Stage.work(WATCHED);
            }
        }
        Outcome.Builder outcome = new Outcome.Builder()
                .finding("attempts on the bad message", attempts.get())
                .finding("latest retry, ms after it was due", late(tries))
                .finding("good messages still stuck behind it", MESSAGES / KEYS - BAD / KEYS - 1 - behind.get());
        if (ends) {
            outcome.finding("messages in the dead letter", buried.get())
                    .require(buried.get() == 1, buried.get() + " messages in the dead letter, not 1");
        }
        long lost = ends ? Math.max(0, good - handled.get()) : 0;
        return outcome.build(stage.sent(), stage.confirmed(), handled.get() + buried.get(), lost);
    }

    private static double late(Iterable<Long> tries) {
        long before = 0;
        long latest = 0;
        for (long now : tries) {
            if (before != 0) {
                latest = Math.max(latest, now - before - DELAY.toNanos());
            }
            before = now;
        }
        return Math.round(latest / 1e5) / 10.0;
    }
}
