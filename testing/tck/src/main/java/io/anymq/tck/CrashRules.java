package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import io.anymq.spi.WireHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** REC: a consumer that is killed at one of five points, each with the message in the middle of its key. */
final class CrashRules {
    private static final int MANY = 48;
    private static final int KEYS = 4;
    private static final int PLACE = 20;
    private static final String KEY = "key-" + PLACE % KEYS;
    private static final String VICTIM = Messages.body(PLACE);
    private static final String LAST = "last";

    /** The state when the consumer died, and the calls of the next one. */
    private record Aftermath(CrashableConsumer crashed, RecordingHandler<String> next, Consumer consumer) {
        /** Handler calls of this key by both, in their order. */
        List<String> handled(int key) {
            List<String> sent = sent(key);
            List<String> all = new ArrayList<>(
                    crashed.started().stream().filter(sent::contains).toList());
            all.addAll(
                    next.bodiesOf("key-" + key).stream().filter(sent::contains).toList());
            return all;
        }

        /** Each key, the victim's too, was handled in order, and nothing was skipped. */
        void nothingSkipped() {
            for (int key = 0; key < KEYS; key++) {
                Order.withoutGap(handled(key), sent(key));
            }
        }
    }

    private static List<String> sent(int key) {
        return Messages.bodiesOfKey(key, MANY, KEYS);
    }

    private static Message<String> numbered(Message<String> message) {
        return message.withId(message.body());
    }

    /** Fills a queue, has a consumer killed at {@code point} with {@link #VICTIM}, and starts another one. */
    private static Aftermath killedAt(
            TckContext t, CrashPoint point, Queue queue, @Nullable Path store, Check whileStopped) throws Exception {
        t.client().provision(queue);
        t.send(
                t.producer(queue),
                Messages.spread(MANY, KEYS).stream().map(CrashRules::numbered).toList());
        CrashableConsumer crashed = t.stoppedAt(queue, new CrashStop(point, VICTIM), store);
        whileStopped.check(crashed);
        crashed.crash();
        assertThat(crashed.settled()).as("settled before the crash").doesNotContain(VICTIM);
        RecordingHandler<String> next = t.<String>recorder().doing(delivery -> {
            if (point == CrashPoint.AFTER_DEAD_LETTER && delivery.id().equals(VICTIM)) {
                throw new RetryRules.Pointless("fails for the next one, too");
            }
        });
        var builder = t.client().consumer(queue, String.class).retry(CrashConsumer.stepwise());
        if (store != null) {
            builder = builder.idempotency(CrashConsumer.policy(new FileStore(store)));
        }
        Aftermath aftermath = new Aftermath(crashed, next, builder.start(next));
        for (int key = 0; key < KEYS; key++) {
            t.send(t.producer(queue), List.of(numbered(Messages.keyed("key-" + key, LAST + key))));
            String last = LAST + key;
            t.awaitAsserted(() -> assertThat(next.bodies()).contains(last));
        }
        t.await("all is settled", () -> aftermath.consumer().inFlight() == 0);
        return aftermath;
    }

    private interface Check {
        void check(CrashableConsumer stopped) throws Exception;
    }

    /** A third consumer receives messages sent now, and none sent before. */
    private static void nothingLeft(TckContext t, Queue queue, Aftermath aftermath) {
        aftermath.consumer().close();
        RecordingHandler<String> third = t.recorder();
        t.client().consumer(queue, String.class).start(third);
        for (int key = 0; key < KEYS; key++) {
            t.send(t.producer(queue), List.of(Messages.keyed("key-" + key, "sentinel")));
        }
        t.awaitCompleted(third, KEYS);
        assertThat(third.bodies()).as("left behind").containsOnly("sentinel");
    }

    @Rule(
            id = "REC-6",
            history = HistoryScope.TO_THE_END,
            check = "whether receiving, or announcing an attempt, settles anything",
            needs = Capability.PER_KEY_ORDER,
            faults = Fault.CONSUMER_CRASH)
    void killedBeforeTheHandler(TckContext t) throws Exception {
        Queue queue = t.queue();
        Aftermath aftermath = killedAt(
                t,
                CrashPoint.BEFORE_HANDLER,
                queue,
                null,
                stopped -> assertThat(stopped.started())
                        .as("handled before the crash")
                        .doesNotContain(VICTIM));
        assertThat(aftermath.next().callsOf(VICTIM)).as("handled afterwards").hasSize(1);
        aftermath.nothingSkipped();
        nothingLeft(t, queue, aftermath);
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(
            id = "REC-7",
            history = HistoryScope.TO_THE_END,
            check = "whether anything settles a message while its handler runs",
            needs = Capability.PER_KEY_ORDER,
            faults = Fault.CONSUMER_CRASH)
    void killedInTheHandler(TckContext t) throws Exception {
        Queue queue = t.queue();
        Aftermath aftermath = killedAt(t, CrashPoint.IN_HANDLER, queue, null, stopped -> {});
        assertThat(aftermath.next().callsOf(VICTIM)).as("handled again").hasSize(1);
        boolean exact = t.capabilities().of(Capability.DELIVERY_COUNT) == Support.NATIVE;
        assertThat(aftermath.next().attemptsOf(VICTIM).get(0))
                .as("attempt after one crash")
                .isBetween(exact ? 2 : 1, 2);
        aftermath.nothingSkipped();
        nothingLeft(t, queue, aftermath);
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(
            id = "REC-8",
            history = HistoryScope.TO_THE_END,
            check = "whether acknowledging one message settles others, such as the rest of what was fetched with it",
            needs = Capability.PER_KEY_ORDER,
            faults = Fault.CONSUMER_CRASH)
    void killedAfterTheHandler(TckContext t) throws Exception {
        Queue queue = t.queue();
        Aftermath aftermath = killedAt(
                t,
                CrashPoint.AFTER_HANDLER,
                queue,
                null,
                stopped -> assertThat(stopped.started())
                        .as("handled before the crash")
                        .contains(VICTIM));
        assertThat(aftermath.next().callsOf(VICTIM)).as("handled again").hasSize(1);
        aftermath.nothingSkipped();
        nothingLeft(t, queue, aftermath);
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(
            id = "REC-9",
            history = HistoryScope.TO_THE_END,
            check = "whether a dead letter may be sent again with the id it had",
            needs = Capability.PER_KEY_ORDER,
            faults = Fault.CONSUMER_CRASH)
    void killedAfterTheDeadLetter(TckContext t) throws Exception {
        Queue queue = t.queue();
        String dead = queue.name() + "-dead";
        Aftermath aftermath = killedAt(t, CrashPoint.AFTER_DEAD_LETTER, queue, null, stopped -> t.held(dead, 1));
        assertThat(aftermath.next().callsOf(VICTIM)).as("tried again").hasSize(1);
        aftermath.nothingSkipped();
        nothingLeft(t, queue, aftermath);
        List<PlainMessage> copies = t.plain().read(dead, 2, t.patience());
        assertThat(copies).as("copies of the dead letter").hasSizeBetween(1, 2).allSatisfy(copy -> {
            assertThat(copy.id()).isEqualTo(VICTIM);
            assertThat(copy.key()).isEqualTo(KEY);
            assertThat(copy.body()).isEqualTo(Messages.utf8(VICTIM));
            assertThat(copy.headers()).containsEntry(WireHeaders.DEAD_REASON, "PERMANENT");
            assertThat(ofTheSender(copy)).isEqualTo(ofTheSender(copies.get(0)));
        });
    }

    /** Everything but the two consumers' reports of their own failures. */
    private static Map<String, String> ofTheSender(PlainMessage message) {
        return message.headers().entrySet().stream()
                .filter(header -> !header.getKey().startsWith("mq-dead-"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Rule(
            id = "REC-10",
            history = HistoryScope.TO_THE_END,
            check = "whether id and body of a message are the same when it is delivered again",
            needs = Capability.PER_KEY_ORDER,
            faults = Fault.CONSUMER_CRASH)
    void killedAfterTheCompletion(TckContext t) throws Exception {
        Queue queue = t.queue();
        Path store = Files.createTempDirectory("anymq-tck-");
        t.closing(() -> FileStore.delete(store));
        Aftermath aftermath = killedAt(
                t,
                CrashPoint.AFTER_COMPLETION,
                queue,
                store,
                stopped -> assertThat(stopped.started())
                        .as("handled before the crash")
                        .contains(VICTIM));
        assertThat(aftermath.next().callsOf(VICTIM)).as("handled again").isEmpty();
        aftermath.nothingSkipped();
        nothingLeft(t, queue, aftermath);
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(
            id = "REC-11",
            history = HistoryScope.TO_THE_END,
            check = "whether a message that cannot be claimed yet keeps its place and stays unsettled",
            needs = Capability.PER_KEY_ORDER,
            faults = Fault.CONSUMER_CRASH)
    void killedWithAClaim(TckContext t) throws Exception {
        Queue queue = t.queue();
        Path store = Files.createTempDirectory("anymq-tck-");
        t.closing(() -> FileStore.delete(store));
        Aftermath aftermath = killedAt(t, CrashPoint.IN_HANDLER, queue, store, stopped -> {});
        assertThat(aftermath.next().callsOf(VICTIM)).as("handled again").hasSize(1);
        aftermath.nothingSkipped();
        nothingLeft(t, queue, aftermath);
        t.held(queue.name() + "-dead", 0);
    }
}
