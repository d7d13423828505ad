package io.anymq.spring.listener;

import io.anymq.Delivery;
import io.anymq.spring.AnyMqListener;
import java.util.List;

/** A bean for ahead-of-time processing. */
public class ListenerReaderAotSample {
    /** What it handles. */
    public record Body(String text) {}

    /** Handles nothing. */
    @AnyMqListener(queue = "aot")
    void handle(List<Delivery<Body>> deliveries) {}
}
