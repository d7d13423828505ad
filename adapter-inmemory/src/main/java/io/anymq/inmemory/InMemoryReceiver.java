package io.anymq.inmemory;

import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.PausableReceiver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One receiver's seat at the broker. A settlement is done when the call returns; closing leaves nothing to wait for. */
final class InMemoryReceiver implements PausableReceiver {
    private final InMemoryBroker.Subscriber subscriber;
    private final InMemoryBroker broker;

    InMemoryReceiver(InMemoryBroker.Subscriber subscriber, InMemoryBroker broker) {
        this.subscriber = subscriber;
        this.broker = broker;
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        return subscriber.take(max, wait);
    }

    @Override
    public void acknowledge(List<? extends InboundMessage> messages) {
        subscriber.settle(messages);
    }

    @Override
    public void pause(Lane lane) {
        subscriber.pause(lane, true);
    }

    @Override
    public void resume(Lane lane) {
        subscriber.pause(lane, false);
    }

    @Override
    public void wakeup() {
        subscriber.wakeup();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type == InMemoryBroker.Subscriber.class
                ? Optional.of(type.cast(subscriber))
                : InMemoryTranslator.unwrap(broker, type);
    }

    @Override
    public void close(Duration timeout) {
        subscriber.leave();
    }
}
