package io.anymq.clientversions;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.Topic;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an application does with a broker, once: keys, a message that fails, a delay, a topic, a dead letter, its
 * redrive, health, close. Run with the libraries of a platform, the broker's URL and a suffix for the names; a third
 * argument lets handlers run on virtual threads. Prints {@code PASSED}, or what is wrong, and ends with 1.
 */
public final class SmokeApplication {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration DELAY = Duration.ofSeconds(1);

    private SmokeApplication() {}

    public static void main(String[] args) throws Exception {
        Set<Thread> before = foreground();
        MessagingClient.Builder builder = MessagingClient.builder().url(args[0]).set("anymq.name", "smoke");
        if (args.length > 2) {
            builder.handlerExecutor(virtualThreads());
        }
        try (MessagingClient client = builder.open()) {
            keysAndRetry(client, args[1]);
            delay(client, args[1]);
            topic(client, args[1]);
            deadLetterAndRedrive(client, args[1]);
            require(client.health(Duration.ofSeconds(10)).status() == Health.Status.UP, "the client's health is UP");
        }
        for (Thread thread : foreground()) {
            if (!before.contains(thread)) {
                thread.join(SOON.toMillis());
                require(!thread.isAlive(), "a close ends every thread that keeps the JVM alive: " + thread.getName());
            }
        }
        System.out.println("PASSED");
    }

    /** Java 21 has them; this is compiled for 17. */
    private static Executor virtualThreads() throws ReflectiveOperationException {
        return (Executor)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static void keysAndRetry(MessagingClient client, String suffix) throws Exception {
        Queue queue = Queue.of("keys-" + suffix);
        Map<String, List<Integer>> byKey = new ConcurrentHashMap<>();
        Set<Integer> failed = ConcurrentHashMap.newKeySet();
        CountDownLatch handled = new CountDownLatch(100);
        Producer<Integer> producer = client.producer(queue, Integer.class);
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(producer.send(Message.of(i).withKey("key-" + i % 5).withHeader("number", Integer.toString(i))));
        }
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(SOON.toSeconds(), TimeUnit.SECONDS);
        try (Consumer consumer = client.consumer(queue, Integer.class)
                .retry(RetryPolicy.exponential(3))
                .start(delivery -> {
                    int number = delivery.body();
                    require(delivery.headers().equals(Map.of("number", Integer.toString(number))), "headers arrive");
                    if (number % 10 == 7 && failed.add(number)) {
                        throw new IllegalStateException("the first attempt at " + number + " fails");
                    }
                    byKey.computeIfAbsent(Objects.requireNonNull(delivery.key()), key -> new ArrayList<>())
                            .add(number);
                    handled.countDown();
                })) {
            require(handled.await(SOON.toSeconds(), TimeUnit.SECONDS), "all 100 messages are handled");
            require(consumer.health().status() == Health.Status.UP, "the consumer's health is UP");
        }
        for (int key = 0; key < 5; key++) {
            int first = key;
            List<Integer> expected =
                    IntStream.range(0, 20).map(i -> first + 5 * i).boxed().toList();
            require(expected.equals(byKey.get("key-" + key)), "key-" + key + " keeps its order: " + byKey);
        }
    }

    private static void delay(MessagingClient client, String suffix) throws Exception {
        Queue queue = Queue.of("delay-" + suffix).unordered();
        CompletableFuture<Long> arrived = new CompletableFuture<>();
        try (Consumer consumer = client.consumer(queue, String.class).start(d -> arrived.complete(System.nanoTime()))) {
            long before = System.nanoTime();
            client.producer(queue, String.class)
                    .send(Message.of("later").withDelay(DELAY))
                    .get(SOON.toSeconds(), TimeUnit.SECONDS);
            long took = arrived.get(SOON.toSeconds(), TimeUnit.SECONDS) - before;
            require(took >= DELAY.toNanos(), "a message arrives after its delay, not after " + took + " ns");
            require(!consumer.isPaused(), "nothing pauses a consumer");
        }
    }

    private static void topic(MessagingClient client, String suffix) throws Exception {
        Topic topic = Topic.of("topic-" + suffix);
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        try (Consumer one = client.consumer(topic.subscription("one"), String.class)
                        .start(delivery -> first.complete(delivery.body()));
                Consumer two = client.consumer(topic.subscription("two"), String.class)
                        .start(delivery -> second.complete(delivery.body()))) {
            client.producer(topic, String.class).send("news").get(SOON.toSeconds(), TimeUnit.SECONDS);
            require(first.get(SOON.toSeconds(), TimeUnit.SECONDS).equals("news"), one.source() + " has its copy");
            require(second.get(SOON.toSeconds(), TimeUnit.SECONDS).equals("news"), two.source() + " has its copy");
        }
    }

    private static void deadLetterAndRedrive(MessagingClient client, String suffix) throws Exception {
        Queue queue = Queue.of("dead-" + suffix);
        Queue dead = Queue.of("dead-" + suffix + "-dead");
        CompletableFuture<Delivery<String>> letter = new CompletableFuture<>();
        CompletableFuture<String> mended = new CompletableFuture<>();
        try (Consumer failing = client.consumer(queue, String.class)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    throw new IllegalStateException("always");
                })) {
            client.producer(queue, String.class)
                    .send(Message.of("body").withKey("k"))
                    .get(SOON.toSeconds(), TimeUnit.SECONDS);
            try (Consumer reader = client.consumer(dead, String.class).start(delivery -> {
                letter.complete(delivery);
                throw new IllegalStateException("stays");
            })) {
                Delivery<String> read = letter.get(SOON.toSeconds(), TimeUnit.SECONDS);
                require(
                        read.deadLetter().orElseThrow().source().path().equals(queue.name()),
                        "the letter names its origin: " + read.deadLetter());
                require(reader.inFlight() >= 0, "a consumer counts what is in flight");
            }
            require(failing.inFlight() >= 0, "a consumer counts what is in flight");
        }
        RedriveReport report = client.redrive(dead, RedriveOptions.DEFAULT).get(SOON.toSeconds(), TimeUnit.SECONDS);
        require(report.redriven() == 1, "one letter goes back: " + report);
        try (Consumer again =
                client.consumer(queue, String.class).start(delivery -> mended.complete(delivery.body()))) {
            require(mended.get(SOON.toSeconds(), TimeUnit.SECONDS).equals("body"), again.source() + " has it again");
        }
    }

    private static Set<Thread> foreground() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() && !thread.getName().equals("DestroyJavaVM"))
                .collect(Collectors.toSet());
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException("FAILED: " + what);
        }
    }
}
