package io.anymq.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.inmemory.broker.InMemoryBroker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** With another broker in its properties, which is not asked for. */
@SpringBootTest(properties = "anymq.url=kafka://localhost:1")
@AutoConfigureInMemoryBroker
class WholeApplicationTest {
    @Autowired
    private InMemoryBroker broker;

    @Autowired
    private Orders orders;

    @Autowired
    private Shipping shipping;

    @Test
    void anOrderIsShipped() {
        orders.place("books");
        orders.place("");
        broker.awaitIdle(Duration.ofSeconds(10));
        assertThat(shipping.shipped).containsExactly("books");
        assertThat(broker.browse("orders-dead")).hasSize(1);
    }
}
