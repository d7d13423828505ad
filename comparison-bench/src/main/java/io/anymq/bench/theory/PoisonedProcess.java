package io.anymq.bench.theory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
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

/** A message that kills the process which handles it: no handler throws, so only what outlives the process can count its attempts. */
final class PoisonedProcess implements Demonstration {
    private static final int KEYS = 5;
    private static final int MESSAGES = 50;
    private static final int BAD = 12;

    /** Some brokers miss a process that died only when it has been silent for a while, and it dies several times. */
    private static final Duration BOUND = Duration.ofSeconds(40);

    @Override
    public String name() {
        return "poison-process";
    }

    @Override
    public String claim() {
        return "One of 50 messages kills the process that handles it, and a supervisor starts that process again: how often does"
                + " it die before the message is put aside, and what becomes of the others meanwhile?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "It died {3 attempts, then dead letter|times the process died} times; then the message was in the"
                        + " dead letter, which held {3 attempts, then dead letter|messages in the dead letter}.",
                "Of 49 good messages {3 attempts, then dead letter|good messages handled, of 49} were handled.");
    }

    @Override
    public List<String> variants() {
        return List.of("3 attempts, then dead letter");
    }

    @Override
    public double estimatedSeconds(boolean thorough) {
        return 12;
    }

    @Override
    public String company() {
        return "counted";
    }

    @Override
    public boolean needsAServer() {
        return true;
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        Queue queue = Queue.of(stage.name("orders"));
        Queue dead = Queue.of(stage.name("dead"));
        AtomicLong buried = new AtomicLong();
        stage.consumeUnrecorded(dead, builder -> builder, delivery -> buried.incrementAndGet());
        try (Producer<String> producer = stage.producer(queue)) {
            for (int number = 0; number < MESSAGES; number++) {
                String body = number == BAD ? DoomedConsumer.POISON : String.valueOf(number);
                var unused = stage.send(producer, Message.of(body).withKey("customer-" + number % KEYS));
            }
            stage.awaitSends();
        }
        Set<String> handled = ConcurrentHashMap.newKeySet();
        long deaths = 0;
        long end = System.nanoTime() + BOUND.toNanos();
        while (System.nanoTime() - end < 0 && !(handled.size() == MESSAGES - 1 && buried.get() > 0)) {
            deaths += live(stage, queue, dead, handled, buried, end) ? 1 : 0;
        }
        return new Outcome.Builder()
                .finding("times the process died", deaths)
                .finding("good messages handled, of " + (MESSAGES - 1), handled.size())
                .finding("messages in the dead letter", buried.get())
                .build(stage.sent(), stage.confirmed(), handled.size() + buried.get(), 0);
    }

    /** One life of the process; true if the message ended it. */
    private static boolean live(Stage stage, Queue queue, Queue dead, Set<String> handled, AtomicLong buried, long end)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DoomedConsumer.class.getName(),
                stage.context().url(),
                queue.name(),
                dead.name()));
        stage.context().anymq().forEach((key, value) -> command.add(key + "=" + value));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread reader = new Thread(() -> read(process, handled), "bench-doomed");
        reader.start();
        Stage.await(
                Duration.ofNanos(Math.max(0, end - System.nanoTime())),
                () -> !process.isAlive() || (handled.size() == MESSAGES - 1 && buried.get() > 0));
        process.getOutputStream().close();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        reader.join();
        return process.exitValue() == DoomedConsumer.DEATH;
    }

    private static void read(Process process, Set<String> handled) {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.matches("\\d+")) {
                    handled.add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
