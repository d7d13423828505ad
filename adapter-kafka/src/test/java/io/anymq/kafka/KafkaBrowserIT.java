package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.DeadLetter;
import io.anymq.DeadLetters;
import io.anymq.LetterFilter;
import io.anymq.LetterResult;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A look at a topic is not one of its group's, and shows what the group has not done. */
class KafkaBrowserIT {
    private final Queue queue = Queue.of(SpiContext.uniqueName("desk"));
    private MessagingClient client;
    private DeadLetters letters;

    @BeforeEach
    void open() {
        client = MessagingClient.builder()
                .url(SharedBroker.url())
                .set("anymq.kafka.partitions", "1")
                .open();
        client.provision(queue);
        letters = client.deadLetters(queue);
    }

    @AfterEach
    void close() {
        client.close();
    }

    private void put(int count) {
        List<CompletableFuture<Receipt>> sends = new ArrayList<>();
        try (Producer<String> producer = client.producer(queue, String.class)) {
            for (int i = 0; i < count; i++) {
                sends.add(producer.send(Message.of("x").withId(Integer.toString(i))));
            }
            sends.forEach(CompletableFuture::join);
        }
    }

    private List<String> seen() {
        try (Stream<DeadLetter> stream = letters.browse(LetterFilter.ALL)) {
            return stream.map(DeadLetter::id).toList();
        }
    }

    private static RedriveOptions.Builder discarding(int most, Set<String> ids) {
        return RedriveOptions.builder()
                .maxMessages(most)
                .idle(Duration.ofSeconds(5))
                .filter(LetterFilter.builder().ids(ids).build());
    }

    private RedriveReport discard(RedriveOptions options) throws Exception {
        return letters.discard(options).report().get(60, TimeUnit.SECONDS);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @Test
    void aLookMakesNoGroup() throws Exception {
        put(1_200);
        assertThat(seen()).containsExactlyElementsOf(numbers(1_200));
        try (Admin admin = SharedBroker.admin()) {
            assertThat(admin.listConsumerGroupOffsets("anymq.queue." + queue.name())
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .isEmpty();
        }
    }

    @Test
    void whatIsDoneInTheMiddleIsNotShown() throws Exception {
        put(20);
        Set<String> gone = Set.of("0", "1", "5", "6", "12");
        assertThat(discard(discarding(gone.size(), gone).build()).discarded()).isEqualTo(gone.size());
        List<String> left = new ArrayList<>(numbers(20));
        left.removeAll(gone);
        assertThat(seen()).containsExactlyElementsOf(left);
    }

    /** The group's mark has room for a few hundred places; a letter that it could not remember must not go. */
    @Test
    void noMorePlacesAreMadeThanTheMarkRemembers() throws Exception {
        int count = 1_500;
        put(count);
        Set<String> odd = new TreeSet<>(IntStream.range(0, count)
                .filter(i -> i % 2 == 1)
                .mapToObj(Integer::toString)
                .toList());
        Set<String> told = new TreeSet<>();
        RedriveReport report = discard(discarding(odd.size(), odd)
                .onLetter(result -> {
                    if (result.outcome() == LetterResult.Outcome.DISCARDED) {
                        told.add(result.messageId());
                    }
                })
                .build());
        assertThat(report.discarded()).isBetween(200, odd.size() - 1).isEqualTo(told.size());
        assertThat(report.failed()).isEqualTo(odd.size() - report.discarded());
        List<String> left = new ArrayList<>(numbers(count));
        left.removeAll(told);
        assertThat(seen()).containsExactlyElementsOf(left);
    }

    @Test
    void recordsOfAbortedTransactionsAreNotShownAndMarkersEndNoLook() {
        try (KafkaProducer<String, String> producer = SharedBroker.transactionalProducer(queue.name())) {
            producer.initTransactions();
            transaction(producer, "aborted", false);
            transaction(producer, "committed", true);
            transaction(producer, "aborted too", false);
        }
        try (Stream<DeadLetter> stream = letters.browse(LetterFilter.ALL)) {
            assertThat(stream.map(letter -> new String(letter.body(), UTF_8))).containsExactly("committed");
        }
    }

    private void transaction(KafkaProducer<String, String> producer, String body, boolean commit) {
        producer.beginTransaction();
        var unused = producer.send(new ProducerRecord<>(queue.name(), "k", body));
        producer.flush();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }
}
