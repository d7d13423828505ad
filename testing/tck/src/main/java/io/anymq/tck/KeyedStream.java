package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Producer;
import io.anymq.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Messages of some keys in turn, sent on and on while something breaks, and a check of the result: everything confirmed
 * is handled, first in the order of sending for each key.
 */
final class KeyedStream {
    private final TckContext t;
    private final Producer<String> producer;
    private final int keys;
    private final List<CompletableFuture<Receipt>> open = new ArrayList<>();
    private final List<List<String>> mustCome = new ArrayList<>();
    private int sent;

    KeyedStream(TckContext t, Producer<String> producer, int keys) {
        this.t = t;
        this.producer = producer;
        this.keys = keys;
        for (int key = 0; key < keys; key++) {
            mustCome.add(new ArrayList<>());
        }
    }

    private String key(int number) {
        return "key-" + number % keys;
    }

    /** Sends so many without waiting for any. */
    void send(int count) {
        for (int i = 0; i < count; i++) {
            int number = sent++;
            open.add(producer.send(Messages.keyed(key(number), Messages.body(number))));
        }
    }

    /** Waits until each has ended, one way or the other, and lets keys that are blocked since then go on. */
    void awaitEnds() {
        int first = sent - open.size();
        for (int i = 0; i < open.size(); i++) {
            note(first + i, confirmed(open.get(i)));
        }
        open.clear();
        resume();
    }

    /** Sends so many, each of them again until it is confirmed. */
    void sendUntilConfirmed(int count) {
        for (int i = 0; i < count; i++) {
            int number = sent++;
            t.awaitAsserted(t.sendPatience().multipliedBy(2), () -> {
                boolean done = confirmed(producer.send(Messages.keyed(key(number), Messages.body(number))));
                resume();
                assertThat(done).as("confirmed at last").isTrue();
            });
            note(number, true);
        }
    }

    private void resume() {
        producer.blockedKeys().forEach(producer::resumeKey);
    }

    private void note(int number, boolean confirmed) {
        if (confirmed) {
            mustCome.get(number % keys).add(Messages.body(number));
        }
    }

    private boolean confirmed(CompletableFuture<Receipt> send) {
        t.await("the send has ended", t.sendPatience(), send::isDone);
        if (send.isCompletedExceptionally()) {
            assertThat(t.failure(send).outcome()).isNotNull();
            return false;
        }
        return true;
    }

    /** Waits for all that was confirmed. */
    void assertHandledInOrder(RecordingHandler<String> recorder) {
        for (int key = 0; key < keys; key++) {
            List<String> expected = mustCome.get(key);
            String name = key(key);
            t.awaitAsserted(() -> assertThat(recorder.bodiesOf(name)).containsAll(expected));
            List<String> firsts = Order.firsts(recorder.bodiesOf(name));
            firsts.retainAll(expected);
            assertThat(firsts).as("first calls of " + name).isEqualTo(expected);
        }
    }
}
