package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.anymq.Consumer;
import io.anymq.DeadLetter;
import io.anymq.DeadLetters;
import io.anymq.ErrorCode;
import io.anymq.LetterFilter;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.RedriveOptions;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a look costs where every delivery is taken and put back. {@code -Ddesk.looks=1000} looks a thousand times. */
class RabbitMqBrowserIT {
    private static final int LOOKS = Integer.getInteger("desk.looks", 30);

    private final Queue queue = Queue.of(SpiContext.uniqueName("desk"));
    private MessagingClient client;
    private DeadLetters letters;
    private Connection plain;
    private Channel channel;

    @BeforeEach
    void open() throws Exception {
        client = MessagingClient.builder()
                .url(SharedBroker.url())
                .set("anymq.rabbitmq.lanes", "1")
                .set("anymq.rabbitmq.lane-prefetch", "10")
                .open();
        letters = client.deadLetters(queue);
        plain = SharedBroker.plain();
        channel = plain.createChannel();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        plain.close();
    }

    private void put(Queue to, int count) {
        client.provision(to);
        List<CompletableFuture<Receipt>> sends = new ArrayList<>();
        try (Producer<String> producer = client.producer(to, String.class)) {
            for (int i = 0; i < count; i++) {
                sends.add(producer.send(
                        Message.of("x").withId(Integer.toString(i)).withKey("k")));
            }
            sends.forEach(CompletableFuture::join);
        }
    }

    private static List<String> ids(DeadLetters letters) {
        try (Stream<DeadLetter> stream = letters.browse(LetterFilter.ALL)) {
            return stream.map(DeadLetter::id).toList();
        }
    }

    private static void refused(DeadLetters letters, String... words) {
        assertThatThrownBy(() -> ids(letters)).isInstanceOfSatisfying(MessagingException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(error.getMessage()).contains(words);
        });
    }

    /** More than are held in advance, so that the server has to wait as well. */
    @Test
    void looksCostNothingButReturns() throws Exception {
        Queue unordered = queue.unordered();
        put(unordered, 1_500);
        List<String> all = IntStream.range(0, 1_500).mapToObj(Integer::toString).toList();
        DeadLetters looked = client.deadLetters(unordered);
        for (int i = 0; i < LOOKS; i++) {
            assertThat(ids(looked)).as("look number " + i).containsExactlyElementsOf(all);
        }
        GetResponse first = channel.basicGet(queue.name(), true);
        assertThat(first.getProps().getMessageId()).isEqualTo("0");
        assertThat(first.getProps().getHeaders().get("x-delivery-count"))
                .as("returns that a quorum queue has counted")
                .isInstanceOfSatisfying(
                        Number.class, count -> assertThat(count.longValue()).isLessThanOrEqualTo(LOOKS));
    }

    @Test
    void aLookThatIsBrokenOffPutsAllBack() {
        put(queue, 1_500);
        try (Stream<DeadLetter> stream = letters.browse(LetterFilter.ALL)) {
            assertThat(stream.limit(3).map(DeadLetter::id)).containsExactly("0", "1", "2");
        }
        assertThat(ids(letters)).hasSize(1_500).startsWith("0", "1", "2");
    }

    @Test
    void aQueueOfOthersWithALowLimitIsNotLookedAt() throws Exception {
        channel.queueDeclare(
                queue.name(), true, false, false, Map.of("x-queue-type", "quorum", "x-delivery-limit", 20));
        channel.basicPublish("", queue.name(), null, "x".getBytes(UTF_8));
        try (MessagingClient mapped = MessagingClient.builder()
                .url(SharedBroker.url())
                .set("anymq.provision", "validate")
                .physicalName(Queue.of("mine"), queue.name())
                .open()) {
            refused(mapped.deadLetters(Queue.of("mine").unordered()), queue.name(), "20", "x-delivery-limit=1000000");
        }
    }

    @Test
    void aClassicQueueOfOthersCountsNothing() throws Exception {
        channel.queueDeclare(queue.name(), true, false, false, Map.of("x-queue-type", "classic"));
        channel.basicPublish("", queue.name(), null, "x".getBytes(UTF_8));
        try (MessagingClient mapped = MessagingClient.builder()
                .url(SharedBroker.url())
                .set("anymq.provision", "validate")
                .physicalName(Queue.of("mine"), queue.name())
                .open()) {
            for (int i = 0; i < 30; i++) {
                assertThat(ids(mapped.deadLetters(Queue.of("mine").unordered())))
                        .hasSize(1);
            }
        }
    }

    @Test
    void aLookIsRefusedWhileAConsumerReads() {
        put(queue, 3);
        Consumer consumer = client.consumer(queue, String.class).start(delivery -> {});
        refused(letters, queue.name(), "read by a consumer");
        consumer.close();
        assertThat(ids(letters)).isEmpty();
    }

    /** Letters that stay fill the prefetch; a redrive that has not seen all must not look like one that has. */
    @Test
    void aDiscardThatCannotSeeEverythingFails() {
        put(queue, 30);
        RedriveOptions last = RedriveOptions.builder()
                .filter(LetterFilter.ids("29"))
                .idle(Duration.ofSeconds(1))
                .build();
        assertThatThrownBy(() -> letters.discard(last).report().join())
                .hasCauseInstanceOf(MessagingException.class)
                .hasMessageContaining("raise the adapter's prefetch");
        RedriveOptions early =
                last.toBuilder().filter(LetterFilter.ids("5")).maxMessages(1).build();
        assertThat(letters.discard(early).report().join().discarded()).isEqualTo(1);
        assertThat(ids(letters)).hasSize(29).doesNotContain("5");
    }
}
