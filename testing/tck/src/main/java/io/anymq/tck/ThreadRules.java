package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.Queue;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** SND and LIF: the threads that report outcomes, keep a process alive, and close. */
final class ThreadRules {
    /** With so many outcomes checked, each of which waits for another thread, a rule has seen enough. */
    private static final int ENOUGH = 20;

    @Rule(
            id = "SND-15",
            check =
                    "whether an outcome is reported while a lock is held that send() needs, also when a channel is lost",
            faults = Fault.BROKER_DOWN,
            alone = true)
    void outcomesAreReportedWithoutALock(TckContext t) throws Exception {
        Queue queue = t.queue();
        ReentrantObserver observer = new ReentrantObserver(t.patience());
        MessagingClient client = t.openClient(
                builder -> builder.set("anymq.producer.send-timeout", "5s").observer(observer));
        Producer<String> producer = client.producer(queue, String.class);
        observer.producer.set(producer);
        t.send(producer, Messages.spread(5, 5));
        assertThat(observer.checked.get()).as("outcomes looked at").isPositive();
        int before = observer.checked.get();
        t.inject(Fault.BROKER_DOWN);
        // a send of the other thread may take as long as a connection attempt
        await("failures are looked at").atMost(t.patience().multipliedBy(3)).until(() -> {
            // a full window would hold up the other threads as a lock does
            if (producer.inFlight() < ENOUGH) {
                var unused = producer.send("into the void");
            }
            return observer.checked.get() > before;
        });
        t.heal(Fault.BROKER_DOWN);
        assertThat(observer.stuck.get())
                .as("sends of another thread that waited for an observer")
                .isZero();
    }

    /** Its callbacks wait until another thread has sent with the same producer, which no lock may prevent. */
    private static final class ReentrantObserver implements MessagingObserver {
        private static final String OTHER = "from-another-thread-";

        private final Duration patience;
        private final AtomicReference<@Nullable Producer<String>> producer = new AtomicReference<>();
        private final AtomicInteger checked = new AtomicInteger();
        private final AtomicInteger stuck = new AtomicInteger();
        private final AtomicInteger sent = new AtomicInteger();

        ReentrantObserver(Duration patience) {
            this.patience = patience;
        }

        @Override
        public void sendEnded(MessagingEvent.SendEnded event) {
            Producer<String> sends = producer.get();
            // the end of what the other thread sends would go on for ever
            if (sends == null || event.messageId().startsWith(OTHER) || stuck.get() > 0 || checked.get() >= ENOUGH) {
                return;
            }
            CompletableFuture<Void> other = CompletableFuture.runAsync(
                    () -> {
                        var unused =
                                sends.send(Message.of("from another thread").withId(OTHER + sent.incrementAndGet()));
                    },
                    task -> new Thread(task, "tck-other-sender").start());
            try {
                other.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                stuck.incrementAndGet();
            } catch (Exception e) {
                throw new AssertionError("send throws", e);
            }
            checked.incrementAndGet();
        }
    }

    @Rule(
            id = "LIF-16",
            check = "which threads the adapter or the vendor's client starts, and whether all of them are daemons",
            alone = true)
    void onlyConsumersKeepTheProcessAlive(TckContext t) {
        Set<Thread> before = keepingAlive();
        Queue queue = t.queue();
        MessagingClient client = t.openClient();
        t.send(client.producer(queue, String.class), Messages.spread(5, 5));
        assertThat(started(before)).as("of a client that sends").isEmpty();
        RecordingHandler<String> recorder = t.recorder();
        Consumer consumer = client.consumer(queue, String.class).start(recorder);
        t.awaitCompleted(recorder, 5);
        assertThat(started(before))
                .as("of a client that receives")
                .isNotEmpty()
                .allMatch(thread -> thread.startsWith("anymq-receive-") || thread.startsWith("anymq-redelivery-"));
        consumer.close();
        t.awaitAsserted(() ->
                assertThat(started(before)).as("after the consumer is closed").isEmpty());

        MessagingClient other = t.openClient(builder -> builder.set("anymq.consumer.keep-alive", "false"));
        RecordingHandler<String> next = t.recorder();
        other.consumer(queue, String.class).start(next);
        t.send(other.producer(queue, String.class), Messages.spread(5, 5));
        t.awaitCompleted(next, 5);
        assertThat(started(before))
                .as("of a client that must keep nothing alive")
                .isEmpty();
    }

    @Rule(
            id = "LIF-18",
            history = HistoryScope.TO_THE_END,
            check =
                    "whether acknowledge() just before close() takes effect, on whatever thread the connection is closed")
    void aHandlerClosesItsOwnConsumerOrClient(TckContext t) throws Exception {
        closesItself(t, false);
        closesItself(t, true);
    }

    private static void closesItself(TckContext t, boolean wholeClient) throws Exception {
        Queue queue = t.queue();
        MessagingClient leaving = t.openClient();
        CompletableFuture<Consumer> self = new CompletableFuture<>();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (wholeClient) {
                leaving.close();
            } else {
                self.join().close();
            }
        });
        Consumer consumer = leaving.consumer(queue, String.class).start(recorder);
        self.complete(consumer);
        t.send(queue, Messages.keyed("k", "shut down"));
        t.get(consumer.whenClosed());
        if (wholeClient) {
            assertThat(leaving.awaitShutdown(t.patience())).isTrue();
        }
        assertThat(recorder.completed()).isEqualTo(1);
        RecordingHandler<String> next = t.recorder();
        t.client().consumer(queue, String.class).start(next);
        t.send(queue, Messages.keyed("k", "for the next"));
        t.awaitCompleted(next, 1);
        assertThat(next.bodies()).containsExactly("for the next");
        t.held(queue.name() + "-dead", 0);
    }

    private static Set<Thread> keepingAlive() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(Thread::isDaemon);
        return threads;
    }

    /** The kit's own threads are none of a client's. */
    private static Set<String> started(Set<Thread> before) {
        Set<String> names = new HashSet<>();
        for (Thread thread : keepingAlive()) {
            if (thread.isAlive()
                    && !before.contains(thread)
                    && !thread.getName().startsWith("tck-")) {
                names.add(thread.getName());
            }
        }
        return names;
    }
}
