package io.anymq.spring.test;

import io.anymq.spring.AnyMqListener;
import io.anymq.spring.test.Shop.Order;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/** Has a listener. */
@Component
class Shipping {
    final List<String> shipped = new CopyOnWriteArrayList<>();

    @AnyMqListener(queue = "orders", retry = "1")
    void ship(Order order) {
        if (order.what().isEmpty()) {
            throw new IllegalArgumentException("nothing to ship");
        }
        shipped.add(order.what());
    }
}
