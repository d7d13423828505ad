package io.anymq.examples.hello;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Hello, world, with retries and a dead-letter queue. The README shows this class. */
public class HelloWorld {
    /** Sends one greeting and prints what arrives. */
    public static void main(String[] args) throws Exception {
        Queue greetings = Queue.of("greetings");
        CompletableFuture<String> received = new CompletableFuture<>();
        try (MessagingClient client = MessagingClient.open()) {
            client.consumer(greetings, String.class)
                    .retry(RetryPolicy.exponential(5))
                    .deadLetter(DeadLetterPolicy.to("greetings-dead"))
                    .start(delivery -> received.complete(delivery.body()));
            client.producer(greetings, String.class).send("Hello, world!").join();
            System.out.println(received.get(30, TimeUnit.SECONDS));
        }
    }
}
