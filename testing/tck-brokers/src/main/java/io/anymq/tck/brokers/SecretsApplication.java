package io.anymq.tck.brokers;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent.DeadLettered;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.policy.RetryPolicy;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * An application that says all it can say, in one file: a message that is handled and one that is dead-lettered, then
 * clients that cannot be opened. Run with the file to write and files of settings, the first of which is a good one.
 * Ends with the line {@code PASSED}, unless the threads of a client have more to say.
 */
public final class SecretsApplication {
    static final String PASSED = "PASSED";
    private static final long SOON_SECONDS = 60;

    private SecretsApplication() {}

    /** See the class. */
    public static void main(String[] args) throws Exception {
        try (PrintStream out = new PrintStream(new FileOutputStream(args[0]), true, StandardCharsets.UTF_8)) {
            // before a logger is made
            System.setOut(out);
            System.setErr(out);
            try {
                work(builder(args[1]));
                for (int i = 2; i < args.length; i++) {
                    fail(args[i]);
                }
                System.out.println(PASSED);
            } catch (Throwable e) {
                e.printStackTrace();
                System.exit(1);
            }
        }
        // threads of clients that could not be opened are the concern of other tests
        System.exit(0);
    }

    private static MessagingClient.Builder builder(String file) throws IOException {
        Properties settings = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(file))) {
            settings.load(in);
        }
        MessagingClient.Builder builder = MessagingClient.builder();
        settings.stringPropertyNames().forEach(key -> builder.set(key, settings.getProperty(key)));
        return builder;
    }

    private static void say(Object what) {
        System.out.println("SAID " + what);
    }

    private static void work(MessagingClient.Builder builder) throws Exception {
        CompletableFuture<DeadLettered> dead = new CompletableFuture<>();
        CompletableFuture<String> handled = new CompletableFuture<>();
        say(builder);
        try (MessagingClient client = builder.observer(new MessagingObserver() {
                    @Override
                    public void deadLettered(DeadLettered event) {
                        dead.complete(event);
                    }
                })
                .open()) {
            Queue queue = Queue.of("secrets");
            Consumer consumer = client.consumer(queue, String.class)
                    .retry(RetryPolicy.never())
                    .start(delivery -> {
                        if (delivery.body().isEmpty()) {
                            throw new IllegalStateException("empty");
                        }
                        handled.complete(delivery.toString());
                    });
            Producer<String> producer = client.producer(queue, String.class);
            say(producer.send(Message.of("one")).get(SOON_SECONDS, TimeUnit.SECONDS));
            say(producer.send(Message.of("")).get(SOON_SECONDS, TimeUnit.SECONDS));
            say(handled.get(SOON_SECONDS, TimeUnit.SECONDS));
            say(dead.get(SOON_SECONDS, TimeUnit.SECONDS));
            say(client);
            say(consumer);
            say(producer);
            say(client.health(Duration.ofSeconds(10)));
            say(Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    private static void fail(String file) throws IOException {
        try (MessagingClient client = builder(file).open()) {
            throw new IllegalStateException("a client was opened with the settings of " + file + ": " + client);
        } catch (RuntimeException e) {
            System.out.println("FAILED " + e);
            e.printStackTrace();
            say(Thread.getAllStackTraces().keySet());
            if (e instanceof IllegalStateException) {
                throw e;
            }
        }
    }
}
