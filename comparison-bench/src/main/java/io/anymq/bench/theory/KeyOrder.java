package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Without an order the messages of one customer overtake each other; with per-key order they do not. */
final class KeyOrder implements Demonstration {
    private static final int KEYS = 4;
    private static final int MESSAGES = 600;

    @Override
    public String name() {
        return "key-order";
    }

    @Override
    public String claim() {
        return "Eight handlers side by side, four keys: how often does a message overtake an earlier one of its key?";
    }

    @Override
    public List<String> variants() {
        return List.of("unordered", "per key");
    }

    @Override
    public double estimatedSeconds() {
        return 2;
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        Queue queue = Queue.of(stage.name("orders"));
        boolean ordered = variant.equals("per key");
        Queue used = ordered ? queue : queue.unordered();
        AtomicLongArray last = new AtomicLongArray(KEYS);
        AtomicLong breaks = new AtomicLong();
        AtomicLong handled = new AtomicLong();
        stage.consume(used, builder -> builder.concurrency(8), delivery -> {
            int number = Integer.parseInt(delivery.body());
            // Every other message of a key takes long, so that the next one can overtake it.
            Stage.work(Duration.ofMillis(number / KEYS % 2 == 0 ? 2 : 0));
            if (last.getAndAccumulate(number % KEYS, number + 1L, Math::max) > number) {
                breaks.incrementAndGet();
            }
            handled.incrementAndGet();
        });
        stage.play(
                used,
                MESSAGES,
                number -> Message.of(String.valueOf(number)).withKey("customer-" + number % KEYS),
                handled::get);
        Outcome.Builder findings = new Outcome.Builder()
                .finding("messages out of order", breaks.get())
                .require(!ordered || breaks.get() == 0, breaks.get() + " out of order in spite of per-key order");
        return stage.outcome(findings, handled.get());
    }
}
