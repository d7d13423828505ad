package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
import io.anymq.policy.FlowControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** More consumers of one queue handle more. */
final class ScaleOut implements Demonstration {
    private static final Duration WORK = Duration.ofMillis(10);
    private static final int SHARE = 10;
    private static final Duration MEASURED = Duration.ofMillis(1_500);
    private static final Duration JOINING = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "scale-out";
    }

    @Override
    public String claim() {
        return "Handling a message takes 10 ms, and a consumer handles one at a time: what do more consumers of the same queue"
                + " bring, and how long does everything pause when one more joins?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "One consumer handled {1 consumer|messages per second} messages a second, two {2 consumers|messages"
                        + " per second}, four {4 consumers|messages per second}, eight {8 consumers|messages per second}.",
                "While one more joined eight, everything paused for {8 consumers|longest pause in ms while one more"
                        + " joins} ms.");
    }

    @Override
    public List<String> variants() {
        return List.of("1 consumer", "2 consumers", "4 consumers", "8 consumers");
    }

    @Override
    public double estimatedSeconds(boolean thorough) {
        return thorough ? 8 : 6.3;
    }

    @Override
    public String company() {
        return "rates";
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        int consumers = Integer.parseInt(variant.substring(0, 1));
        Queue queue = Queue.of(stage.name("work")).unordered();
        List<AtomicLong> handled = new ArrayList<>();
        for (int i = 0; i < consumers; i++) {
            handled.add(join(stage, queue));
        }
        double rate;
        double pause;
        try (Producer<String> producer = stage.producer(queue)) {
            // As many as fill the measured time for all of them, and the joining before it.
            long most = 5L * consumers * MEASURED.toMillis() / WORK.toMillis();
            long number = 0;
            long joined = System.nanoTime() + Duration.ofSeconds(6).toNanos();
            while (System.nanoTime() - joined < 0
                    && handled.stream().anyMatch(mine -> mine.get() == 0)
                    && number < most) {
                number = feed(stage, producer, number, handled);
            }
            long before = total(handled);
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < MEASURED.toNanos()) {
                number = feed(stage, producer, number, handled);
            }
            rate = (total(handled) - before) * 1e9 / (System.nanoTime() - begin);
            pause = pauseWhileOneJoins(stage, producer, queue, handled, number);
            stage.awaitSends();
            Stage.await(Duration.ofSeconds(30), () -> total(handled) >= stage.confirmed());
        }
        long working = handled.subList(0, consumers).stream()
                .filter(mine -> mine.get() > 0)
                .count();
        return new Outcome.Builder()
                .finding("messages per second", Math.round(rate))
                .finding("consumers at work", working)
                .finding("longest pause in ms while one more joins", pause)
                .build(
                        stage.sent(),
                        stage.confirmed(),
                        total(handled),
                        Math.max(0, stage.confirmed() - total(handled)));
    }

    private static AtomicLong join(Stage stage, Queue queue) {
        AtomicLong mine = new AtomicLong();
        stage.consume(queue, builder -> builder.concurrency(1).flow(FlowControl.ofMaxInFlight(SHARE)), delivery -> {
            Stage.work(WORK);
            mine.incrementAndGet();
        });
        return mine;
    }

    /** The longest time in which none of those that were there before handled anything. */
    private static double pauseWhileOneJoins(
            Stage stage, Producer<String> producer, Queue queue, List<AtomicLong> handled, long number) {
        List<AtomicLong> before = List.copyOf(handled);
        AtomicBoolean ended = new AtomicBoolean();
        AtomicLong longest = new AtomicLong();
        Thread watch = new Thread(() -> watch(before, ended, longest), "bench-watch");
        watch.start();
        long next = number;
        long end = System.nanoTime() + JOINING.toNanos();
        // Beside this thread, which goes on sending: a queue that runs dry would look like a pause.
        CompletableFuture<AtomicLong> joining = CompletableFuture.supplyAsync(() -> join(stage, queue));
        while (System.nanoTime() - end < 0
                && !(joining.isDone() && joining.join().get() > 0)) {
            next = feed(stage, producer, next, before);
        }
        ended.set(true);
        handled.add(joining.join());
        return Math.round(longest.get() / 1e5) / 10.0;
    }

    private static void watch(List<AtomicLong> handled, AtomicBoolean ended, AtomicLong longest) {
        long last = total(handled);
        long since = System.nanoTime();
        while (!ended.get()) {
            Stage.work(Duration.ofMillis(1));
            long now = System.nanoTime();
            long count = total(handled);
            longest.accumulateAndGet(now - since, Math::max);
            if (count != last) {
                last = count;
                since = now;
            }
        }
    }

    /** Keeps enough waiting for all consumers. */
    private static long feed(Stage stage, Producer<String> producer, long number, List<AtomicLong> handled) {
        long next = number;
        while (stage.sent() - total(handled) < 40L * handled.size()) {
            var unused = stage.send(producer, Message.of("work").withKey("key-" + next++));
        }
        Stage.work(Duration.ofMillis(2));
        return next;
    }

    private static long total(List<AtomicLong> counts) {
        return counts.stream().mapToLong(AtomicLong::get).sum();
    }
}
