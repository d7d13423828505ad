package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Handlers that read, compute and write the same account lose updates; per-key order takes the race away. */
final class Race implements Demonstration {
    private static final int ACCOUNTS = 4;
    private static final int MESSAGES = 400;

    @Override
    public String name() {
        return "race";
    }

    @Override
    public String claim() {
        return "Each message adds 1 to an account by reading it, working, and writing it back, without a lock: how many"
                + " updates get lost?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "Side by side {unordered|lost updates} updates were lost, with order per key {per key|lost updates}.");
    }

    @Override
    public List<String> variants() {
        return List.of("unordered", "per key");
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
        Queue queue = Queue.of(stage.name("deposits"));
        boolean ordered = variant.equals("per key");
        Queue used = ordered ? queue : queue.unordered();
        AtomicLongArray balance = new AtomicLongArray(ACCOUNTS);
        AtomicLong handled = new AtomicLong();
        stage.consume(used, builder -> builder.concurrency(8), delivery -> {
            int account = Integer.parseInt(delivery.body());
            long before = balance.get(account);
            Stage.work(Duration.ofMillis(1));
            balance.set(account, before + 1);
            handled.incrementAndGet();
        });
        stage.play(
                used,
                MESSAGES,
                number -> Message.of(String.valueOf(number % ACCOUNTS)).withKey("account-" + number % ACCOUNTS),
                handled::get);
        long sum = 0;
        for (int account = 0; account < ACCOUNTS; account++) {
            sum += balance.get(account);
        }
        long missing = handled.get() - sum;
        Outcome.Builder findings = new Outcome.Builder()
                .finding("lost updates", missing)
                .require(!ordered || missing == 0, missing + " updates lost in spite of per-key order");
        return stage.outcome(findings, handled.get());
    }
}
