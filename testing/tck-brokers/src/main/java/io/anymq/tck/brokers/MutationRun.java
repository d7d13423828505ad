package io.anymq.tck.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.policy.RetryPolicy;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.MalformedMessages;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** One run of {@link StoredMessagesContract}. */
final class MutationRun<M> implements AutoCloseable {
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** What a message may take at most, in the long run. */
    private static final Duration EACH = Duration.ofMillis(50);

    private static final int AT_ONCE = 20;
    private static final int SHOWN = 10;

    /** As a header in what {@link MutableMessages#described} says. */
    private static final Pattern NUMBERED = Pattern.compile(StoredMessagesContract.NUMBER + "\\W{1,3}(\\d+)");

    /** Of the seeds of two messages. */
    private static final long APART = 0x9E37_79B9_7F4A_7C15L;

    private final String name;
    private final MutableMessages<M> messages;
    private final MutationObserver observer = new MutationObserver();
    private final MessagingClient client;
    private final MutatedQueue texts;
    private final MutatedQueue bytes;
    private final List<M> originals = new ArrayList<>();
    private final Map<Integer, M> mutated = new TreeMap<>();
    private final long begin = System.nanoTime();
    private final StringBuilder times = new StringBuilder();
    private int refused;

    MutationRun(String name, String url, Map<String, String> settings, MutableMessages<M> messages) {
        this.name = name;
        this.messages = messages;
        MessagingClient.Builder builder =
                MessagingClient.builder().set("anymq.url", url).observer(observer);
        settings.forEach(builder::set);
        this.client = builder.open();
        this.texts = MutatedQueue.ofText(client, SpiContext.uniqueName("mutated"));
        this.bytes = MutatedQueue.ofBytes(client, SpiContext.uniqueName("mutated"));
    }

    /** Valid messages to begin with: AnyMQ's, its dead letters, other programs', and what cannot be decoded. */
    void collect(ForeignMessages foreign, Optional<MalformedMessages> malformed) throws Exception {
        Queue own = Queue.of(SpiContext.uniqueName("originals"));
        try (Producer<String> producer = client.producer(own, String.class);
                Producer<byte[]> raw = client.producer(own, byte[].class)) {
            List<CompletableFuture<Receipt>> sends = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                String key = MutatedQueue.key(i);
                sends.add(producer.send(Message.of("täglich 🥖 " + i).withKey(key)));
                sends.add(producer.send(Message.of("").withKey(key).withHeader("empty", "")));
                sends.add(producer.send(
                        Message.of("without a key").withHeader("farbe", "grün").withHeader("odd.name", "😀\u0000")));
                sends.add(producer.send(
                        Message.of("a long body, compressible".repeat(400)).withKey(key)));
                sends.add(
                        raw.send(Message.of(new byte[] {-1, 0, (byte) i, -128}).withKey("ключ")));
            }
            for (CompletableFuture<Receipt> send : sends) {
                send.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        originals.addAll(messages.read(own.name()));
        int before = observer.dead(own.name());
        Consumer consumer = client.consumer(own, byte[].class)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    throw new MutationObserver.Deliberate();
                });
        await().atMost(BOUND).until(() -> observer.dead(own.name()) == before + originals.size());
        consumer.close();
        observer.reset();
        originals.addAll(messages.read(own.name() + "-dead"));
        Queue others = Queue.of(SpiContext.uniqueName("originals"));
        client.provision(others);
        for (String kind : foreign.kinds()) {
            foreign.store(others.name(), kind);
        }
        if (malformed.isPresent()) {
            for (String kind : malformed.get().kinds()) {
                malformed.get().store(others.name(), kind, MutatedQueue.key(0));
            }
        }
        originals.addAll(messages.read(others.name()));
        ended("collected");
    }

    private void ended(String phase) {
        times.append(", ")
                .append(phase)
                .append(" after ")
                .append(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                .append(" ms");
    }

    /** Stores mutated messages and good ones between them. */
    void store(int count, long seed) throws Exception {
        for (int number = 1; number <= count; number++) {
            Mutations by = new Mutations(seed * APART + number);
            M one = messages.numbered(messages.mutated(by.any(originals), by), number);
            MutatedQueue queue = queueOf(number);
            if (messages.store(queue.queue.name(), one)) {
                queue.stored++;
                mutated.put(number, one);
            } else {
                refused++;
            }
            if (number % 2 == 0) {
                texts.sendGood();
                bytes.sendGood();
            }
            if (number % AT_ONCE == 0) {
                texts.flush(BOUND);
                bytes.flush(BOUND);
            }
        }
        // behind all others, for every key
        for (int i = 0; i < MutatedQueue.KEYS; i++) {
            texts.sendGood();
            bytes.sendGood();
        }
        texts.flush(BOUND);
        bytes.flush(BOUND);
        ended("stored");
    }

    /** That all ends as it should. */
    @SuppressWarnings("SystemOut") // into the output of the test
    void check() throws Exception {
        List<MutatedQueue> queues = List.of(texts, bytes);
        Duration bound = BOUND.plus(EACH.multipliedBy(mutated.size()));
        try {
            await().atMost(bound)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> queues.stream().allMatch(this::isDone));
        } catch (ConditionTimeoutException e) {
            // what is missing is told below
        }
        ended("handled");
        System.out.println(this);
        queues.forEach(MutatedQueue::assertUp);
        observer.closing = true;
        queues.forEach(MutatedQueue::close);
        for (MutatedQueue each : queues) {
            int dead = observer.dead(each.queue.name());
            int ended = each.handledBad() + dead;
            if (ended != each.stored) {
                fail(
                        "of %d bad messages in %s %d were handled or dead-lettered; %s%s",
                        each.stored, each.queue.name(), ended, this, lost(each));
            }
            int held = dead == 0 ? 0 : messages.held(each.deadLetters(), dead, BOUND);
            assertThat(held)
                    .as("dead letters of %s at the broker, %s", each.queue.name(), this)
                    .isEqualTo(dead);
            each.assertGoodOnesAreHandledAsSent();
        }
        assertThat(observer.troubles()).as("what was disturbed, %s", this).isEmpty();
        assertThat(mutated.size()).as("stored, %s", this).isGreaterThan(refused);
    }

    private boolean isDone(MutatedQueue queue) {
        return queue.handledGood() >= queue.sentGood()
                && queue.handledBad() + observer.dead(queue.queue.name()) >= queue.stored;
    }

    /** Some that were neither handled nor are dead letters. */
    private String lost(MutatedQueue queue) throws Exception {
        StringBuilder all = new StringBuilder();
        for (M letter : messages.read(queue.deadLetters())) {
            Matcher number = NUMBERED.matcher(messages.described(letter));
            if (number.find()) {
                mutated.remove(Integer.parseInt(number.group(1)));
            }
        }
        mutated.entrySet().stream()
                .filter(each -> queueOf(each.getKey()) == queue && !queue.isHandled(each.getKey()))
                .limit(SHOWN)
                .forEach(each -> all.append("\n  no. ")
                        .append(each.getKey())
                        .append(": ")
                        .append(messages.described(each.getValue()).replaceAll("\\p{Cntrl}", "?")));
        return all.toString();
    }

    private MutatedQueue queueOf(int number) {
        return number % 2 == 0 ? texts : bytes;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %d mutated messages stored, %d refused by the broker; %d handled, %d dead-lettered %s; %d good ones"
                        + " of %d handled%s",
                name,
                mutated.size(),
                refused,
                texts.handledBad() + bytes.handledBad(),
                observer.dead(texts.queue.name()) + observer.dead(bytes.queue.name()),
                new TreeMap<>(observer.reasons()),
                texts.handledGood() + bytes.handledGood(),
                texts.sentGood() + bytes.sentGood(),
                times);
    }

    @Override
    public void close() {
        client.close();
    }
}
