package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.stats.Pace;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Trouble with single messages: sent twice, or impossible to handle. */
final class Failures {
    static final String DEAD_LETTER = "3 attempts, then dead letter";
    static final List<String> POISON = List.of("retried forever", DEAD_LETTER);
    static final List<String> SENT_TWICE = List.of(
            "20 % sent twice, without idempotency",
            "20 % sent twice, with idempotency",
            "1 % sent twice, without idempotency",
            "1 % sent twice, with idempotency",
            "none sent twice, with idempotency");

    private static final int PAYMENTS = 300;
    private static final int MESSAGES = 200;
    private static final int KEYS = 10;
    private static final int BAD = 20;
    private static final Duration DELAY = Duration.ofMillis(20);
    private static final Duration WATCHED = Duration.ofSeconds(3);

    private Failures() {}

    /** How many payments are made twice when a sender that missed its confirm sends again. */
    static void duplicates(String variant, DemoContext demo) {
        boolean idempotent = variant.endsWith("with idempotency");
        int every = variant.startsWith("20") ? 5 : variant.startsWith("1 ") ? 100 : Integer.MAX_VALUE;
        Queue queue = Queue.of(demo.name("payments"));
        Map<String, Integer> payments = new ConcurrentHashMap<>();
        IdempotencyPolicy policy = IdempotencyPolicy.with(new InMemoryIdempotencyStore());
        demo.consume(
                queue,
                builder -> idempotent ? builder.idempotency(policy) : builder,
                delivery -> payments.merge(delivery.body(), 1, Integer::sum));
        try (Producer<String> producer = demo.producer(queue)) {
            for (int number = 0; number < PAYMENTS; number++) {
                Message<String> message =
                        Message.of("payment-" + number).withId("id-" + number).withKey("account-" + number % 20);
                var unused = demo.send(producer, message);
                if (number % every == every - 1) {
                    unused = demo.send(producer, message);
                }
            }
            demo.awaitSends();
        }
        long due = idempotent ? PAYMENTS : demo.confirmed();
        Pace.await(DemoContext.PATIENCE, () -> demo.handled() >= due);
        // Long enough for a repetition to arrive.
        Pace.pause(Duration.ofMillis(500));
        long twice = payments.values().stream().filter(times -> times > 1).count();
        demo.finding("payments made twice", twice);
        demo.require(!idempotent || twice == 0, twice + " payments made twice despite idempotency");
        demo.counted(payments.size(), PAYMENTS - payments.size());
    }

    /** The fate of the messages behind one that always fails. */
    static void poison(String variant, DemoContext demo) {
        boolean ends = variant.equals(DEAD_LETTER);
        Queue queue = Queue.of(demo.name("orders"));
        Queue dead = Queue.of(demo.name("dead"));
        RetryPolicy retry = RetryPolicy.fixed(ends ? 3 : 1_000_000, DELAY);
        ConcurrentLinkedQueue<Long> attempts = new ConcurrentLinkedQueue<>();
        AtomicLong behind = new AtomicLong();
        AtomicLong buried = new AtomicLong();
        demo.consume(queue, builder -> builder.retry(retry).deadLetter(DeadLetterPolicy.to(dead.name())), delivery -> {
            int number = Integer.parseInt(delivery.body());
            if (number == BAD) {
                attempts.add(System.nanoTime());
                throw new IllegalStateException("this message always fails");
            }
            if (number > BAD && number % KEYS == BAD % KEYS) {
                behind.incrementAndGet();
            }
        });
        if (ends) {
            demo.consumeUncounted(dead, builder -> builder, delivery -> buried.incrementAndGet());
        }
        demo.sendAll(
                queue, MESSAGES, number -> Message.of(String.valueOf(number)).withKey("customer-" + number % KEYS));
        long good = demo.confirmed() - 1;
        if (ends) {
            Pace.await(Duration.ofSeconds(20), () -> demo.handled() >= good && buried.get() > 0);
        } else {
            Pace.pause(WATCHED);
        }
        demo.finding("attempts on the bad message", attempts.size());
        demo.finding("latest retry, ms after it was due", late(attempts));
        demo.finding("good messages still stuck behind it", MESSAGES / KEYS - BAD / KEYS - 1 - behind.get());
        if (ends) {
            demo.finding("messages in the dead letter", buried.get());
            demo.require(buried.get() == 1, buried + " messages in the dead letter, not 1");
        }
        demo.counted(demo.handled() + buried.get(), ends ? good - demo.handled() : 0);
    }

    private static double late(Iterable<Long> attempts) {
        long before = 0;
        long latest = 0;
        for (long now : attempts) {
            latest = before == 0 ? 0 : Math.max(latest, now - before - DELAY.toNanos());
            before = now;
        }
        return DemoContext.millis(latest);
    }
}
