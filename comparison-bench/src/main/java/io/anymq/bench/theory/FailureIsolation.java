package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.bench.result.Outcome;
import io.anymq.history.check.RetryRules;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A part that fails takes its caller along; a subscriber that fails takes nobody along. */
final class FailureIsolation implements Demonstration {
    private static final int ORDERS = 100;
    private static final Duration RETRY = Duration.ofMillis(10);

    @Override
    public String name() {
        return "failure-isolation";
    }

    @Override
    public String claim() {
        return "Each of 100 orders is to be billed and mailed, and billing is down: how many customers see an error, how many"
                + " get their mail?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "Called one after the other, {called one after the other|orders that failed} of 100 orders failed,"
                        + " and of the mails {called one after the other|mails sent} were sent.",
                "With two subscribers {two subscribers|orders that failed} failed and {two subscribers|mails sent}"
                        + " mails were sent; 99 of 100 orders were confirmed within {two subscribers|99 of 100 orders"
                        + " confirmed within ms} ms.");
    }

    @Override
    public List<String> variants() {
        return List.of("called one after the other", "two subscribers");
    }

    @Override
    public double estimatedSeconds(boolean thorough) {
        return 2;
    }

    @Override
    public String company() {
        return "counted";
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        return variant.startsWith("two") ? published(stage) : called();
    }

    private static void bill() {
        throw new IllegalStateException("billing is down");
    }

    private static Outcome called() {
        long errors = 0;
        long mails = 0;
        for (int order = 0; order < ORDERS; order++) {
            try {
                bill();
                mails++;
            } catch (IllegalStateException e) {
                errors++;
            }
        }
        return new Outcome.Builder()
                .finding("orders that failed", errors)
                .finding("mails sent", mails)
                .build(0, 0, 0, 0);
    }

    private static Outcome published(Stage stage) throws Exception {
        Topic topic = Topic.of(stage.name("orders"));
        AtomicLong mails = new AtomicLong();
        AtomicLong buried = new AtomicLong();
        stage.consumeUnrecorded(
                Queue.of(stage.name("unbilled")), builder -> builder, delivery -> buried.incrementAndGet());
        stage.chronicle()
                .expect(
                        topic.subscription("billing"),
                        RetryRules.fixed(2, RETRY).withTolerance(Duration.ofMillis(2)));
        stage.consume(
                topic.subscription("billing"),
                builder -> builder.retry(RetryPolicy.fixed(2, RETRY))
                        .deadLetter(DeadLetterPolicy.to(stage.name("unbilled"))),
                delivery -> bill());
        stage.consume(topic.subscription("mail"), builder -> builder, delivery -> mails.incrementAndGet());
        try (Producer<String> producer = stage.producer(topic)) {
            for (int order = 0; order < ORDERS; order++) {
                var unused = stage.send(producer, Message.of("order-" + order).withKey("customer-" + order % 10));
            }
            stage.awaitSends();
            Stage.await(
                    Duration.ofSeconds(30),
                    () -> mails.get() >= stage.confirmed() && buried.get() >= stage.confirmed());
        }
        return new Outcome.Builder()
                .finding("orders that failed", stage.failed())
                .finding("mails sent", mails.get())
                .finding("99 of 100 orders confirmed within ms", stage.confirmMillis())
                .require(stage.failed() == 0, stage.failed() + " orders failed although billing was decoupled")
                .build(stage.sent(), stage.confirmed(), mails.get(), Math.max(0, stage.confirmed() - mails.get()));
    }
}
