package io.anymq.spring.jdbc;

import io.anymq.API;
import io.anymq.BatchHandler;
import io.anymq.Handler;
import io.anymq.jdbc.Inbox;
import io.anymq.spring.listener.HandlerDecorator;

/** Puts every listener's method into the transaction of an inbox. */
@API(API.Status.EXPERIMENTAL)
public final class InboxHandlers implements HandlerDecorator {
    private final Inbox inbox;

    /** Thread-safe, as the inbox is. */
    public InboxHandlers(Inbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public <T> Handler<T> around(Handler<T> handler) {
        return inbox.handler((delivery, connection) -> handler.handle(delivery));
    }

    @Override
    public <T> BatchHandler<T> aroundBatch(BatchHandler<T> handler) {
        return inbox.batchHandler((deliveries, connection) -> handler.handle(deliveries));
    }
}
