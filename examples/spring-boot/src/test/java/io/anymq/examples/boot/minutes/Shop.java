package io.anymq.examples.boot.minutes;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Receipt;
import io.anymq.spring.AnyMqProducer;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Service;

@Service
class Shop {
    private final Producer<Order> orders;

    Shop(@AnyMqProducer(queue = "orders") Producer<Order> orders) {
        this.orders = orders;
    }

    CompletableFuture<Receipt> sell(Order order) {
        return orders.send(Message.of(order).withKey(order.customer()));
    }
}
