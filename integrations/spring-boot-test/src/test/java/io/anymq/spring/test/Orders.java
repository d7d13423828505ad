package io.anymq.spring.test;

import io.anymq.Producer;
import io.anymq.spring.AnyMqProducer;
import io.anymq.spring.test.Shop.Order;
import org.springframework.stereotype.Component;

/** Has no listener. */
@Component
class Orders {
    private final Producer<Order> producer;

    Orders(@AnyMqProducer(queue = "orders") Producer<Order> producer) {
        this.producer = producer;
    }

    void place(String what) {
        producer.send(new Order(what)).join();
    }
}
