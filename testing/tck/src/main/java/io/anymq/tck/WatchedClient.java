package io.anymq.tck;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.DeadLetters;
import io.anymq.Destination;
import io.anymq.Health;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.Source;
import io.anymq.TypeRef;
import io.anymq.spi.ConfigValues;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client whose producers and consumers record their actions. Thread-safe. */
final class WatchedClient implements MessagingClient {
    private final MessagingClient delegate;
    private final RuleHistory history;
    private final List<WatchedConsumer> consumers = new CopyOnWriteArrayList<>();

    WatchedClient(MessagingClient delegate, RuleHistory history) {
        this.delegate = delegate;
        this.history = history;
    }

    @Override
    public <T> Producer<T> producer(Destination destination, Class<T> type) {
        return new WatchedProducer<>(delegate.producer(destination, type), history);
    }

    @Override
    public <T> Producer<T> producer(Destination destination, TypeRef<T> type) {
        return new WatchedProducer<>(delegate.producer(destination, type), history);
    }

    @Override
    public <T> Producer<T> producer(Destination destination, TypeRef<T> type, ProducerOptions options) {
        return new WatchedProducer<>(delegate.producer(destination, type, options), history);
    }

    @Override
    public <T> Producer<T> producer(Destination destination, Class<T> type, ProducerOptions options) {
        return new WatchedProducer<>(delegate.producer(destination, type, options), history);
    }

    @Override
    public ProducerOptions producerOptions() {
        return delegate.producerOptions();
    }

    @Override
    public <T> ConsumerBuilder<T> consumer(Source source, Class<T> type) {
        return new WatchedConsumerBuilder<>(delegate.consumer(source, type), source, history, this);
    }

    @Override
    public <T> ConsumerBuilder<T> consumer(Source source, TypeRef<T> type) {
        return new WatchedConsumerBuilder<>(delegate.consumer(source, type), source, history, this);
    }

    Consumer started(WatchedConsumer consumer) {
        consumers.add(consumer);
        history.provisioned(consumer.source());
        history.running(consumer);
        return consumer;
    }

    @Override
    public void provision(Source source) {
        delegate.provision(source);
        history.provisioned(source);
    }

    @Override
    public CompletableFuture<RedriveReport> redrive(Queue deadLetter, RedriveOptions options) {
        return delegate.redrive(deadLetter, options);
    }

    @Override
    public DeadLetters deadLetters(Queue deadLetter) {
        return delegate.deadLetters(deadLetter);
    }

    @Override
    public ConfigValues config(String prefix) {
        return delegate.config(prefix);
    }

    @Override
    public Health health(Duration timeout) {
        return delegate.health(timeout);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return delegate.unwrap(type);
    }

    @Override
    public void awaitShutdown() throws InterruptedException {
        delegate.awaitShutdown();
    }

    @Override
    public boolean awaitShutdown(Duration timeout) throws InterruptedException {
        return delegate.awaitShutdown(timeout);
    }

    @Override
    public void close() {
        consumers.forEach(WatchedConsumer::closing);
        delegate.close();
        consumers.forEach(consumer -> consumer.closed(true));
    }
}
