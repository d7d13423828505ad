package io.anymq.bench.theory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.bench.stats.Pace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A message that kills its consumer's process: no handler throws, so its attempts must be counted outside that process. */
final class Crashes {
    private static final int KEYS = 5;
    private static final int MESSAGES = 50;
    private static final int BAD = 12;

    /** Some brokers notice a dead process only after it has been silent for a while, and it dies several times. */
    private static final Duration BOUND = Duration.ofSeconds(40);

    private final DemoContext demo;
    private final Queue queue;
    private final Queue dead;
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final AtomicLong buried = new AtomicLong();
    private long end;

    private Crashes(DemoContext demo) {
        this.demo = demo;
        queue = Queue.of(demo.name("orders"));
        dead = Queue.of(demo.name("dead"));
    }

    static void poison(String variant, DemoContext demo) throws Exception {
        new Crashes(demo).run();
    }

    private void run() throws Exception {
        demo.consumeUnrecorded(dead, builder -> builder, delivery -> buried.incrementAndGet());
        demo.sendAll(
                queue,
                MESSAGES,
                number -> Message.of(number == BAD ? CrashingConsumer.POISON : String.valueOf(number))
                        .withKey("customer-" + number % KEYS));
        end = System.nanoTime() + BOUND.toNanos();
        long deaths = 0;
        while (System.nanoTime() - end < 0 && !done()) {
            deaths += live() ? 1 : 0;
        }
        demo.finding("times the process died", deaths);
        demo.finding("good messages handled, of " + (MESSAGES - 1), handled.size());
        demo.finding("messages in the dead letter", buried.get());
        demo.counted(handled.size() + buried.get(), 0);
    }

    private boolean done() {
        return handled.size() == MESSAGES - 1 && buried.get() > 0;
    }

    /** Runs the process once; true if the message killed it. */
    private boolean live() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingConsumer.class.getName(),
                demo.context().url(),
                queue.name(),
                dead.name()));
        demo.context().anymq().forEach((key, value) -> command.add(key + "=" + value));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread reader = new Thread(() -> read(process), "bench-crashing");
        reader.start();
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        Pace.await(left, () -> !process.isAlive() || done());
        process.getOutputStream().close();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        reader.join();
        return process.exitValue() == CrashingConsumer.DEATH;
    }

    private void read(Process process) {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            lines.lines().filter(line -> line.matches("\\d+")).forEach(handled::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
