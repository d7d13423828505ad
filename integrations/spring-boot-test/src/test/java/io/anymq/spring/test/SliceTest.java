package io.anymq.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spring.test.Shop.Order;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

@AnyMqTest(properties = "anymq.consumer.concurrency=2")
class SliceTest {
    @Autowired
    private MessagingClient client;

    @Autowired
    private InMemoryBroker broker;

    @Autowired
    private Shipping shipping;

    @Autowired
    private ApplicationContext context;

    @Test
    void aListenerHandlesWhatIsSent() {
        client.producer(Queue.of("orders"), Order.class).send(new Order("pens")).join();
        broker.awaitIdle(Duration.ofSeconds(10));
        assertThat(shipping.shipped).containsExactly("pens");
    }

    @Test
    void componentsWithoutAListenerAreLeftOut() {
        assertThat(context.getBeanNamesForType(Orders.class)).isEmpty();
        assertThat(context.getEnvironment().getProperty("anymq.consumer.concurrency"))
                .isEqualTo("2");
    }
}
