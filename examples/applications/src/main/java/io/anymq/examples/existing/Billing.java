package io.anymq.examples.existing;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Topic;

/** Bills the orders that other services place, and tells others of the invoices. See docs/existing-services.md. */
public final class Billing {
    private static final Topic ORDERS = Topic.of("orders").unordered();
    private static final Topic INVOICES = Topic.of("invoices").unordered();

    private Billing() {}

    /** Works until the client is closed. */
    public static void start(MessagingClient client) {
        Producer<String> invoices = client.producer(INVOICES, String.class);
        client.consumer(ORDERS.subscription("billing"), String.class).start(delivery -> {
            String invoice = "invoice for " + delivery.body();
            invoices.send(Message.of(invoice)).join();
        });
    }
}
