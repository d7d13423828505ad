package io.anymq.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spring.test.Shop.Order;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.bean.override.convention.TestBean;

/** A test replaces a producer as it replaces any bean, by what Spring's annotations for mocks stand on as well. */
@SpringBootTest
@AutoConfigureInMemoryBroker
class ReplacedProducerTest {
    private static final MessagingClient ELSEWHERE = MessagingClient.connect("inmemory:elsewhere");

    @TestBean
    private Producer<Order> producer;

    static Producer<Order> producer() {
        return ELSEWHERE.producer(Queue.of("elsewhere"), Order.class);
    }

    @Autowired
    private Orders orders;

    @Autowired
    private InMemoryBroker broker;

    @Test
    void theApplicationSendsThroughIt() {
        orders.place("books");
        assertThat(producer.destination().name()).isEqualTo("elsewhere");
        assertThat(InMemoryBroker.named("elsewhere").browse("elsewhere")).hasSize(1);
        assertThat(broker.browse("orders")).isEmpty();
        ELSEWHERE.close();
        InMemoryBroker.named("elsewhere").shutdown();
    }
}
