package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A sender that heard no confirm sends again: without idempotency the effect happens twice. */
final class Duplicates implements Demonstration {
    private static final int MESSAGES = 300;

    @Override
    public String name() {
        return "duplicates";
    }

    @Override
    public String claim() {
        return "Some messages are sent twice with the same id, as a sender does that heard no confirm: how many"
                + " payments are made twice?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "With one message in five sent twice {20 % sent twice, without idempotency|payments made twice}"
                        + " payments were made twice, with idempotency {20 % sent twice, with idempotency|payments made twice}.",
                "With one in a hundred it was {1 % sent twice, without idempotency|payments made twice} and {1 %"
                        + " sent twice, with idempotency|payments made twice}.");
    }

    @Override
    public List<String> variants() {
        return List.of(
                "20 % sent twice, without idempotency",
                "20 % sent twice, with idempotency",
                "1 % sent twice, without idempotency",
                "1 % sent twice, with idempotency",
                "none sent twice, with idempotency");
    }

    @Override
    public double estimatedSeconds(boolean thorough) {
        return 3;
    }

    @Override
    public String company() {
        return "counted";
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        boolean idempotent = variant.endsWith("with idempotency");
        int every = variant.startsWith("20") ? 5 : variant.startsWith("1 ") ? 100 : Integer.MAX_VALUE;
        Queue queue = Queue.of(stage.name("payments"));
        Map<String, Integer> payments = new ConcurrentHashMap<>();
        AtomicLong effects = new AtomicLong();
        IdempotencyPolicy policy = IdempotencyPolicy.with(new InMemoryIdempotencyStore());
        stage.consume(queue, builder -> idempotent ? builder.idempotency(policy) : builder, delivery -> {
            payments.merge(delivery.body(), 1, Integer::sum);
            effects.incrementAndGet();
        });
        try (Producer<String> producer = stage.producer(queue)) {
            for (int number = 0; number < MESSAGES; number++) {
                Message<String> message =
                        Message.of("payment-" + number).withId("id-" + number).withKey("account-" + number % 20);
                var unused = stage.send(producer, message);
                if (number % every == every - 1) {
                    unused = stage.send(producer, message);
                }
            }
            stage.awaitSends();
            long due = idempotent ? MESSAGES : stage.confirmed();
            Stage.await(Duration.ofSeconds(30), () -> effects.get() >= due);
            // Long enough for a repetition to come.
            Stage.work(Duration.ofMillis(500));
        }
        long twice = payments.values().stream().filter(times -> times > 1).count();
        return new Outcome.Builder()
                .finding("payments made twice", twice)
                .require(!idempotent || twice == 0, twice + " effects twice in spite of idempotency")
                .build(stage.sent(), stage.confirmed(), payments.size(), Math.max(0, MESSAGES - payments.size()));
    }
}
