package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** LIF: the threads and files that a closed client leaves. */
final class LeftoverRules {
    private static final Duration REST_OF_A_CLOSE = Duration.ofSeconds(20);

    @Rule(
            id = "LIF-5",
            check =
                    "which threads the adapter or the vendor's client starts, and whether close() of the connection joins "
                            + "them",
            alone = true)
    void noThreadIsLeft(TckContext t) throws Exception {
        Set<Thread> before = threads();
        Queue queue = t.queue();
        MessagingClient client = t.openClient();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() == 1) {
                throw new RetryRules.Deliberate("once");
            }
        });
        client.consumer(queue, String.class).retry(RetryRules.THREE).start(recorder);
        t.send(client.producer(queue, String.class), Messages.spread(20, 5));
        t.awaitCompleted(recorder, 20);
        Set<Thread> during = threads();
        during.removeAll(before);
        assertThat(during).as("threads named anymq-… while in use").isNotEmpty();
        client.close();
        awaitNoneLeft(t, before);
    }

    @Rule(
            id = "LIF-13",
            check = "what close() waits for, and whether every call of the vendor's client in it has a time-out",
            faults = Fault.BROKER_DOWN,
            alone = true)
    void closesWhileTheBrokerIsAway(TckContext t) throws Exception {
        closesWhile(Fault.BROKER_DOWN, t, t::openClient);
        if (t.canInject(Fault.BROKER_FROZEN)) {
            closesWhile(Fault.BROKER_FROZEN, t, t::openClient);
        }
    }

    /** While this is broken, a client in use closes within a bound and leaves no thread. */
    static void closesWhile(
            Fault fault, TckContext t, Function<UnaryOperator<MessagingClient.Builder>, MessagingClient> clients)
            throws Exception {
        Set<Thread> before = threads();
        Queue queue = t.queue();
        MessagingClient client = clients.apply(
                builder -> builder.set("anymq.consumer.drain-timeout", "1s").set("anymq.producer.send-timeout", "2s"));
        RecordingHandler<String> recorder = t.recorder();
        client.consumer(queue, String.class).start(recorder);
        Producer<String> producer = client.producer(queue, String.class);
        t.send(producer, Messages.spread(5, 5));
        t.awaitCompleted(recorder, 5);
        t.inject(fault);
        CompletableFuture<Receipt> pending = producer.send("into the void");
        CompletableFuture<Void> closed =
                CompletableFuture.runAsync(client::close, task -> new Thread(task, "tck-close").start());
        assertThat(closed).as("close while " + fault).succeedsWithin(longestClose(t));
        assertThat(pending).as("the send before it").isDone();
        awaitNoneLeft(t, before);
        t.heal(fault);
    }

    /** A call without an answer may take the patience; the rest may take as long again, and at most 20 s. */
    private static Duration longestClose(TckContext t) {
        Duration rest = t.patience().compareTo(REST_OF_A_CLOSE) < 0 ? t.patience() : REST_OF_A_CLOSE;
        return t.patience().plus(rest);
    }

    private static void awaitNoneLeft(TckContext t, Set<Thread> before) {
        t.awaitAsserted(() -> {
            Set<Thread> left = threads();
            left.removeAll(before);
            assertThat(left.stream().map(Thread::getName))
                    .as("threads left after close")
                    .isEmpty();
        });
    }

    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.isAlive() || !thread.getName().startsWith("anymq-"));
        return threads;
    }

    @Rule(
            id = "LIF-14",
            check = "which connections and files the adapter or the vendor's client opens, and who closes them",
            alone = true)
    void noFileIsLeft(TckContext t) {
        int rounds = 8;
        Queue queue = t.queue();
        // the first client may open resources kept for all, such as the files of a library
        useAndClose(t, queue);
        long before = openFiles();
        for (int round = 0; round < rounds; round++) {
            useAndClose(t, queue);
        }
        t.awaitAsserted(() -> assertThat(openFiles() - before)
                .as("files and sockets that " + rounds + " closed clients have left")
                .isLessThan(rounds / 2));
    }

    private static void useAndClose(TckContext t, Queue queue) {
        try (MessagingClient client = t.openClient()) {
            RecordingHandler<String> recorder = t.recorder();
            client.consumer(queue, String.class).start(recorder);
            t.send(client.producer(queue, String.class), Messages.spread(4, 2));
            t.awaitCompleted(recorder, 4);
        }
    }

    private static long openFiles() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            return system.getOpenFileDescriptorCount();
        }
        throw new NotApplicable("this operating system does not tell how many files are open");
    }
}
