package io.anymq.tck.brokers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.policy.Ordering;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A queue of good messages, which AnyMQ sends, and of bad ones; the handler of its consumer refuses some of these. */
final class MutatedQueue implements AutoCloseable {
    /** Keys of good messages, which mutated ones may have as well. */
    static final int KEYS = 8;

    private static final String GOOD = "good ";

    /** One of so many bad ones is refused, and is sent again by way of the broker where the queue has no order. */
    private static final int REFUSED = 8;

    private static final RetryPolicy RETRY = RetryPolicy.fixed(2, Duration.ofMillis(20)).toBuilder()
            .inPlaceLimit(Duration.ofMillis(10))
            .build();

    final Queue queue;
    private final Producer<String> producer;
    private final Consumer consumer;
    private final Map<String, List<String>> sent = new HashMap<>();
    private final Map<String, List<String>> handledGood = new ConcurrentHashMap<>();
    private final Set<Integer> numbers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger handledBad = new AtomicInteger();
    private int good;

    /** How many bad ones the broker has taken. */
    int stored;

    private <T> MutatedQueue(MessagingClient client, Queue queue, Class<T> type) {
        this.queue = queue;
        client.provision(queue);
        producer = client.producer(queue, String.class);
        consumer = client.consumer(queue, type).retry(RETRY).start(this::handle);
    }

    /** Read as text, in the order of keys. */
    static MutatedQueue ofText(MessagingClient client, String name) {
        return new MutatedQueue(client, Queue.of(name), String.class);
    }

    /** Read as bytes, in no order, so that a retry is sent to the broker again. */
    static MutatedQueue ofBytes(MessagingClient client, String name) {
        return new MutatedQueue(client, Queue.of(name).unordered(), byte[].class);
    }

    String deadLetters() {
        return queue.name() + "-dead";
    }

    /** Sends the next good message, without waiting. */
    void sendGood() {
        int number = good++;
        String key = key(number);
        String body = GOOD + key + " " + number;
        sent.computeIfAbsent(key, none -> new ArrayList<>())
                .add(described(body, key, "g-" + number, Integer.toString(number)));
        var unused = producer.send(
                Message.of(body).withKey(key).withId("g-" + number).withHeader("good", Integer.toString(number)));
    }

    static String key(int number) {
        return "key-" + number % KEYS;
    }

    void flush(Duration bound) throws Exception {
        producer.flush().get(bound.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String described(String body, @Nullable String key, String id, @Nullable String header) {
        return body + " of key " + key + ", id " + id + ", header " + header;
    }

    private void handle(Delivery<?> delivery) {
        Object payload = delivery.body();
        String body = payload instanceof byte[] bytes ? new String(bytes, UTF_8) : (String) payload;
        if (body.startsWith(GOOD)) {
            String key = String.valueOf(delivery.key());
            handledGood
                    .computeIfAbsent(key, none -> new CopyOnWriteArrayList<>())
                    .add(described(body, key, delivery.id(), delivery.headers().get("good")));
            return;
        }
        int number = number(delivery.headers());
        if (number % REFUSED == 0) {
            throw new MutationObserver.Deliberate();
        }
        numbers.add(number);
        handledBad.incrementAndGet();
    }

    private static int number(Map<String, String> headers) {
        String text = headers.getOrDefault(StoredMessagesContract.NUMBER, "");
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    }

    /** Whether a bad message of this number was handled. */
    boolean isHandled(int number) {
        return numbers.contains(number);
    }

    int handledBad() {
        return handledBad.get();
    }

    int sentGood() {
        return good;
    }

    int handledGood() {
        return handledGood.values().stream().mapToInt(List::size).sum();
    }

    void assertGoodOnesAreHandledAsSent() {
        if (queue.ordering() == Ordering.UNORDERED) {
            sent.forEach((key, all) -> assertThat(handledGood.get(key))
                    .as("good messages of %s in %s", key, queue.name())
                    .containsExactlyInAnyOrderElementsOf(all));
        } else {
            assertThat(handledGood).as("good messages in %s", queue.name()).isEqualTo(sent);
        }
    }

    void assertUp() {
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
    }

    @Override
    public void close() {
        consumer.close();
        producer.close();
    }
}
