package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.policy.FlowControl;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What an observer is told to find a client's producers and consumers, and what those count. */
class OpenedEventsTest extends OnManualBroker {
    private final List<Object> told = new CopyOnWriteArrayList<>();

    private final class Opened implements MessagingObserver {
        @Override
        public void clientOpened(MessagingEvent.ClientOpened event) {
            told.add(event);
        }

        @Override
        public void producerOpened(MessagingEvent.ProducerOpened event) {
            told.add(event.producer());
        }

        @Override
        public void producerClosed(MessagingEvent.ProducerClosed event) {
            told.add("closed");
            told.add(event.producer());
        }

        @Override
        public void consumerStarted(MessagingEvent.ConsumerStarted event) {
            told.add(event.consumer());
        }
    }

    @Test
    void observersAreGivenWhatIsOpened() {
        Producer<String> first;
        Producer<String> second;
        Consumer consumer;
        try (MessagingClient client = MessagingClient.builder()
                .adapter(new ManualBroker())
                .url("manual:")
                .set("anymq.name", "shop")
                .observer(new Opened())
                .open()) {
            first = client.producer(ORDERS, String.class);
            consumer = client.consumer(ORDERS, String.class).start(delivery -> {});
            first.close();
            first.close();
            second = client.producer(Queue.of("out"), String.class);
        }
        assertThat(told)
                .containsExactly(
                        new MessagingEvent.ClientOpened("shop", "manual"),
                        first,
                        consumer,
                        "closed",
                        first,
                        second,
                        "closed",
                        second);
    }

    @Test
    void aConsumerTellsItsWindowAndWhatIsBehindARetry() {
        put("a", "a1", "a2", "a3");
        put("b", "b1");
        Consumer consumer = consumer(ORDERS)
                .concurrency(2)
                .flow(FlowControl.builder().maxInFlight(20).build())
                .start(delivery -> {
                    note(delivery);
                    if (delivery.id().equals("a1") && delivery.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                });
        eventually(() -> consumer.blocked() == 2);
        assertThat(consumer.window()).isBetween(4, 20);
        advancingUntil(() -> handled.contains("a3#1"));
        eventually(() -> consumer.blocked() == 0 && consumer.inFlight() == 0);
    }
}
