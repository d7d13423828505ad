package io.anymq.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.VirtualTime;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.ReconnectSignal;
import io.anymq.spi.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SendersTest {
    private final ManualBroker broker = new ManualBroker();
    private final Senders senders = new Senders(
            broker.engine(new VirtualTime(), List.of(), new ReconnectSignal()), ProducerOptions.DEFAULT, 100);

    private Sending to(Queue queue) {
        return senders.to(new Address.OfQueue(queue), queue);
    }

    /**
     * Queues that stand behind each other in a hash table, where waiting within the table's own function would show.
     */
    private static List<Queue> colliding(int count) {
        List<Queue> queues = new ArrayList<>();
        for (int i = 0; queues.size() < count; i++) {
            Queue queue = Queue.of("queue-" + i);
            int hash = new Address.OfQueue(queue).hashCode();
            if (((hash ^ (hash >>> 16)) & 15) == 0) {
                queues.add(queue);
            }
        }
        return queues;
    }

    @Test
    void aBrokerThatTakesItsTimeToOpenASenderHoldsUpNoneThatIsOpen() throws Exception {
        List<Queue> queues = colliding(4);
        List<Queue> open = queues.subList(0, 3);
        open.forEach(this::to);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        broker.onOpenSender = address -> {
            asked.countDown();
            await(answer);
        };
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Future<Sending> first = threads.submit(() -> to(queues.get(3)));
            Future<Sending> second = threads.submit(() -> to(queues.get(3)));
            await(asked);
            threads.submit(() -> open.forEach(this::to)).get(10, TimeUnit.SECONDS);
            assertThat(List.of(first, second)).noneMatch(Future::isDone);
            answer.countDown();
            assertThat(first.get()).isSameAs(second.get());
            assertThat(broker.openSenders).hasValue(4);
        } finally {
            answer.countDown();
            threads.shutdownNow();
            senders.close(Duration.ofSeconds(1));
        }
        assertThat(broker.openSenders).hasValue(0);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
