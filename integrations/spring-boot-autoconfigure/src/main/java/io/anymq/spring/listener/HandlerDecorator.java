package io.anymq.spring.listener;

import io.anymq.BatchHandler;
import io.anymq.Handler;

/** What surrounds the methods of all listeners, inside the interceptors. They are synchronous then. Thread-safe. */
public interface HandlerDecorator {
    /** The handler that the consumer gets. */
    <T> Handler<T> around(Handler<T> handler);

    /** The same for batches. */
    <T> BatchHandler<T> aroundBatch(BatchHandler<T> handler);
}
