package io.anymq.examples.boot.minutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spring.test.AutoConfigureInMemoryBroker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
@AutoConfigureInMemoryBroker
class FiveMinutesTest {
    @Test
    void anOrderIsShipped(@Autowired Shop shop, @Autowired Shipping shipping, @Autowired InMemoryBroker broker) {
        shop.sell(new Order("acme", "1 Main Street")).join();
        shop.sell(new Order("acme", "")).join();

        broker.awaitIdle(Duration.ofSeconds(10));

        assertThat(shipping.shipped).hasSize(1);
        assertThat(broker.browse("orders-dead")).hasSize(1);
    }
}
