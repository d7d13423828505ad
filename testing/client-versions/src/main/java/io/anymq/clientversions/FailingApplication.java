package io.anymq.clientversions;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent.DeadLettered;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * An application whose log is worth reading: one message is handled, one fails until it is dead-lettered, and one stops
 * its consumer. Run with the broker's URL, or nothing for the default, and then {@code outage} to stay at work until it
 * is killed. Prints {@code PASSED} at the end, {@code WAITING} for the outage.
 */
public final class FailingApplication {
    private static final long SOON_SECONDS = 60;

    private FailingApplication() {}

    public static void main(String[] args) throws Exception {
        CompletableFuture<DeadLettered> dead = new CompletableFuture<>();
        MessagingClient.Builder builder = MessagingClient.builder()
                .set("anymq.name", "shop")
                .observer(new MessagingObserver() {
                    @Override
                    public void deadLettered(DeadLettered event) {
                        dead.complete(event);
                    }
                });
        if (args.length > 0) {
            builder.url(args[0]);
        }
        try (MessagingClient client = builder.open()) {
            ship(client, args.length > 2 ? args[2] : "");
            dead.get(SOON_SECONDS, TimeUnit.SECONDS);
            pay(client, args.length > 2 ? args[2] : "");
            if (args.length > 1 && args[1].equals("outage")) {
                System.out.println("WAITING");
                client.awaitShutdown();
            }
        }
        System.out.println("PASSED");
    }

    private static void ship(MessagingClient client, String suffix) throws Exception {
        Queue orders = Queue.of("orders" + suffix);
        CountDownLatch handled = new CountDownLatch(1);
        client.consumer(orders, String.class)
                .retry(RetryPolicy.fixed(3, Duration.ofMillis(100)))
                .start(delivery -> {
                    if (delivery.body().isEmpty()) {
                        throw new IllegalStateException("no route to warehouse 4");
                    }
                    handled.countDown();
                });
        Producer<String> producer = client.producer(orders, String.class);
        send(producer, Message.of("two books").withId("order-1").withKey("c-16"));
        send(producer, Message.of("").withId("order-2").withKey("c-17"));
        if (!handled.await(SOON_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("order-1 was not handled");
        }
    }

    private static void pay(MessagingClient client, String suffix) throws Exception {
        Queue payments = Queue.of("payments" + suffix);
        Consumer consumer = client.consumer(payments, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.builder()
                        .then(DeadLetterPolicy.Then.STOP)
                        .build())
                .start(delivery -> {
                    throw new IllegalStateException("the ledger is closed");
                });
        send(client.producer(payments, String.class), Message.of("12.50").withId("payment-1"));
        try {
            consumer.whenClosed().get(SOON_SECONDS, TimeUnit.SECONDS);
            throw new IllegalStateException("the consumer of payments was closed, not stopped");
        } catch (ExecutionException stopped) {
            // as its policy requires
        }
    }

    private static void send(Producer<String> producer, Message<String> message) throws Exception {
        producer.send(message).get(SOON_SECONDS, TimeUnit.SECONDS);
    }
}
