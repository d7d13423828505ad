package io.anymq.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.DeadLetter;
import io.anymq.DeadLetterSummary;
import io.anymq.DeadLetters;
import io.anymq.LetterFilter;
import io.anymq.LetterTask;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.inmemory.broker.InMemoryBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The desk with as many letters as a queue may hold. */
@Timeout(60)
class DeskTest {
    private static final int MANY = 100_000;
    private static final Queue DEAD = Queue.of("orders-dead");
    private static final Queue REPAIR = Queue.of("repair");

    private final MessagingClient client = MessagingClient.connect("inmemory:");
    private final InMemoryBroker broker = client.unwrap(InMemoryBroker.class).orElseThrow();
    private final DeadLetters letters = client.deadLetters(DEAD);

    @AfterEach
    void close() {
        client.close();
    }

    private void put(int count) {
        client.provision(DEAD);
        client.provision(REPAIR);
        List<CompletableFuture<Receipt>> sends = new ArrayList<>();
        try (Producer<String> producer = client.producer(DEAD, String.class)) {
            for (int i = 0; i < count; i++) {
                sends.add(producer.send(Message.of("letter")
                        .withId(Integer.toString(i))
                        .withKey("key-" + i % 50)
                        .withHeader("third", Integer.toString(i % 3))));
            }
            sends.forEach(CompletableFuture::join);
        }
    }

    private static RedriveReport end(LetterTask task) throws Exception {
        return task.report().get(50, TimeUnit.SECONDS);
    }

    @Test
    void aHundredThousandLettersAreReadFilteredCancelledAndContinued() throws Exception {
        put(MANY);
        assertThat(broker.metrics("orders-dead").orElseThrow().ready()).isEqualTo(MANY);
        DeadLetterSummary summary = letters.summary(LetterFilter.ALL);
        assertThat(summary.count()).isEqualTo(MANY);
        LetterFilter third = LetterFilter.builder().header("third", "1").build();
        assertThat(letters.summary(third).count()).isEqualTo(33_333);

        CompletableFuture<LetterTask> started = new CompletableFuture<>();
        int[] told = {0};
        RedriveOptions.Builder options = RedriveOptions.builder()
                .maxMessages(MANY)
                .idle(Duration.ofMillis(200))
                .filter(third)
                .to(REPAIR);
        LetterTask task = letters.redrive(options.onLetter(result -> {
                    if (++told[0] == 10_000) {
                        started.join().cancel();
                    }
                })
                .build());
        started.complete(task);
        RedriveReport first = end(task);
        assertThat(first.cancelled()).isTrue();
        assertThat(first.redriven()).isEqualTo(told[0]).isBetween(10_000, 10_100);
        assertThat(broker.metrics("repair").orElseThrow().ready()).isEqualTo(first.redriven());
        RedriveReport rest = end(letters.redrive(options.onLetter(result -> {}).build()));
        assertThat(first.redriven() + rest.redriven()).isEqualTo(33_333);
        assertThat(broker.metrics("orders-dead").orElseThrow().ready()).isEqualTo(MANY - 33_333);
        assertThat(letters.summary(third).count()).isZero();
        Map<String, Integer> last = new HashMap<>();
        broker.browse("repair").forEach(stored -> {
            int number = Integer.parseInt(stored.id());
            Integer before = last.put(String.valueOf(stored.key()), number);
            assertThat(before == null || before < number).as(stored.id()).isTrue();
        });
    }

    @Test
    void aLookGoesOnBehindWhatWasSettledMeanwhile() throws Exception {
        put(1_000);
        List<String> seen = new ArrayList<>();
        try (Stream<DeadLetter> stream = letters.browse(LetterFilter.ALL)) {
            stream.forEach(letter -> {
                seen.add(letter.id());
                if (seen.size() == 300) {
                    removeAll(500);
                }
            });
        }
        List<String> left = broker.browse("orders-dead").stream()
                .map(InMemoryBroker.StoredMessage::id)
                .toList();
        assertThat(left).hasSize(500);
        assertThat(seen).doesNotHaveDuplicates().containsAll(left);
    }

    private void removeAll(int count) {
        letters.discard(RedriveOptions.builder().maxMessages(count).build())
                .report()
                .join();
    }

    @Test
    void aLookEndsThoughLettersKeepComing() {
        put(300);
        try (Stream<DeadLetter> stream = letters.browse(LetterFilter.ALL);
                Producer<String> producer = client.producer(DEAD, String.class)) {
            assertThat(stream.peek(letter -> producer.send("more").join())).hasSize(300);
        }
        assertThat(broker.metrics("orders-dead").orElseThrow().ready()).isEqualTo(600);
    }

    @Test
    void lettersInTheHandsOfAConsumerAreSeenToo() throws Exception {
        put(10);
        CompletableFuture<Void> gate = new CompletableFuture<>();
        CompletableFuture<Void> taken = new CompletableFuture<>();
        client.consumer(DEAD, String.class).start(delivery -> {
            taken.complete(null);
            gate.join();
        });
        taken.get(10, TimeUnit.SECONDS);
        assertThat(letters.summary(LetterFilter.ALL).count()).isEqualTo(10);
        gate.complete(null);
        broker.awaitIdle(Duration.ofSeconds(10));
        assertThat(letters.summary(LetterFilter.ALL).count()).isZero();
    }
}
