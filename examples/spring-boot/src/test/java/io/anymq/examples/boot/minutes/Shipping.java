package io.anymq.examples.boot.minutes;

import io.anymq.spring.AnyMqListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

@Component
class Shipping {
    final List<Order> shipped = new CopyOnWriteArrayList<>();

    @AnyMqListener(queue = "orders", retry = "3", permanentOn = BadAddress.class)
    void ship(Order order) {
        if (order.address().isEmpty()) {
            throw new BadAddress();
        }
        shipped.add(order);
    }
}
