package io.anymq.internal;

import io.anymq.Codec;
import io.anymq.ConsumerBuilder;
import io.anymq.DeadLetters;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.LetterTask;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent.ProducerClosed;
import io.anymq.MessagingEvent.ProducerOpened;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.Source;
import io.anymq.TypeRef;
import io.anymq.internal.config.ClientConfig;
import io.anymq.internal.receive.ConsumerFactory;
import io.anymq.internal.receive.DefaultConsumer;
import io.anymq.internal.receive.DefaultConsumerBuilder;
import io.anymq.internal.receive.redelivery.DefaultDeadLetters;
import io.anymq.internal.receive.redelivery.LetterBrowser;
import io.anymq.internal.receive.redelivery.Redrive;
import io.anymq.internal.send.DefaultProducer;
import io.anymq.internal.send.Senders;
import io.anymq.internal.send.Sending;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Threads;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.Capability;
import io.anymq.spi.ConfigValues;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection and everything opened on it. */
final class DefaultClient implements MessagingClient {
    private static final Logger log = LoggerFactory.getLogger(DefaultClient.class);
    private static final Duration CLOSE_STEP = Duration.ofSeconds(10);
    private static final Duration CALLBACKS_CLOSE = Duration.ofSeconds(2);

    private final EngineContext engine;
    private final ClientConfig config;
    private final Runnable closeTime;
    private final Senders senders;
    private final ConsumerFactory consumers;
    /** In the order of their creation, in which they are closed. */
    private final Set<Producer<?>> producers = Collections.synchronizedSet(new LinkedHashSet<>());

    private final LetterBrowser.Open browsers = new LetterBrowser.Open();
    private final Set<Redrive> redrives = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Shutdown shutdown = new Shutdown(this::close);

    DefaultClient(EngineContext engine, ClientConfig config, @Nullable Executor handlerExecutor, Runnable closeTime) {
        this.engine = engine;
        this.config = config;
        this.closeTime = closeTime;
        this.senders = new Senders(engine, config.producer(), config.maxOpenOutputs());
        this.consumers = new ConsumerFactory(engine, config, senders, handlerExecutor);
    }

    @Override
    public <T> Producer<T> producer(Destination destination, Class<T> type) {
        return producer(destination, type, config.producer());
    }

    @Override
    public <T> Producer<T> producer(Destination destination, TypeRef<T> type) {
        return producer(destination, type, config.producer());
    }

    @Override
    public <T> Producer<T> producer(Destination destination, TypeRef<T> type, ProducerOptions options) {
        return open(destination, type.type(), options);
    }

    @Override
    public <T> Producer<T> producer(Destination destination, Class<T> type, ProducerOptions options) {
        return open(destination, Objects.requireNonNull(type, "type"), options);
    }

    private <T> Producer<T> open(Destination destination, Type type, ProducerOptions options) {
        requireOpen();
        require(destination);
        Address address = engine.addresses().of(destination);
        // before anything is opened, so that a type without a codec leaves nothing open
        Codec codec = type == Object.class ? null : engine.codecs().forType(type);
        engine.connection().provision(address, engine.provisionMode());
        Sending sending = new Sending(engine, address, destination, options, true);
        Producer<?>[] self = new Producer<?>[1];
        DefaultProducer<T> producer =
                new DefaultProducer<>(engine, destination, sending, codec, type, options, () -> closed(self[0]));
        self[0] = producer;
        producers.add(producer);
        engine.observers().tell(MessagingObserver::producerOpened, new ProducerOpened(producer));
        if (closed.get()) {
            producer.close(Duration.ZERO);
            requireOpen();
        }
        return producer;
    }

    private void closed(Producer<?> producer) {
        if (producers.remove(producer)) {
            engine.observers().tell(MessagingObserver::producerClosed, new ProducerClosed(producer));
        }
    }

    private void require(Destination destination) {
        Capability needed =
                switch (destination.ordering()) {
                    case UNORDERED -> null;
                    case PER_KEY -> Capability.PER_KEY_ORDER;
                    case TOTAL -> Capability.TOTAL_ORDER;
                };
        if (needed != null && !engine.capabilities().has(needed)) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    destination + " needs " + needed + ", which this broker does not support; declare it "
                            + Ordering.UNORDERED + " or choose another broker");
        }
        if (!(destination instanceof Queue) && !engine.capabilities().has(Capability.TOPICS)) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED, "this broker does not support topics; use a queue or choose another broker");
        }
    }

    @Override
    public ProducerOptions producerOptions() {
        return config.producer();
    }

    @Override
    public <T> ConsumerBuilder<T> consumer(Source source, Class<T> type) {
        requireOpen();
        return new DefaultConsumerBuilder<>(
                consumers, Objects.requireNonNull(source, "source"), Objects.requireNonNull(type, "type"));
    }

    @Override
    public <T> ConsumerBuilder<T> consumer(Source source, TypeRef<T> type) {
        requireOpen();
        return new DefaultConsumerBuilder<>(consumers, Objects.requireNonNull(source, "source"), type.type());
    }

    @Override
    public void provision(Source source) {
        requireOpen();
        consumers.provision(source);
    }

    @Override
    public CompletableFuture<RedriveReport> redrive(Queue deadLetter, RedriveOptions options) {
        return deadLetters(deadLetter).redrive(options).report();
    }

    @Override
    public DeadLetters deadLetters(Queue deadLetter) {
        requireOpen();
        return new DefaultDeadLetters(
                engine,
                senders,
                Objects.requireNonNull(deadLetter, "deadLetter"),
                browsers,
                (options, discard) -> act(deadLetter, options, discard),
                this::requireOpen);
    }

    private LetterTask act(Queue deadLetter, RedriveOptions options, boolean discard) {
        requireOpen();
        Redrive redrive = new Redrive(engine, config, senders, deadLetter, options, discard);
        redrives.add(redrive);
        LetterTask task = redrive.start(() -> redrives.remove(redrive));
        if (closed.get()) {
            redrive.cancel();
        }
        return task;
    }

    @Override
    public ConfigValues config(String prefix) {
        return ClientConfig.module(prefix, config.modules());
    }

    @Override
    public Health health(Duration timeout) {
        if (closed.get()) {
            return Health.down("the client is closed");
        }
        try {
            return engine.confirms().with(engine.connection().probe(timeout));
        } catch (Throwable e) {
            return Health.down("the adapter's probe failed: " + Failures.text(e));
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return engine.connection().unwrap(type);
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new MessagingException(ErrorCode.CLOSED, "the client is closed; open a new one");
        }
    }

    @Override
    public void awaitShutdown() throws InterruptedException {
        shutdown.await();
    }

    @Override
    public boolean awaitShutdown(Duration timeout) throws InterruptedException {
        return shutdown.await(timeout);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            consumers.refuseMore();
            Threads.single("close-" + engine.clientName(), config.keepAlive(), this::closeAll)
                    .start();
        }
        List<DefaultConsumer> open = List.copyOf(consumers.open());
        boolean mayWait = !engine.callbacks().isInside()
                && !engine.callbacks().isOnTimer()
                && open.stream().noneMatch(DefaultConsumer::isOwnThread);
        if (mayWait && open.stream().allMatch(DefaultConsumer::awaitRelease)) {
            shutdown.awaitEnd();
        }
    }

    /** On a thread of its own, since the close may wait for what the thread that asks for it is doing. */
    private void closeAll() {
        try {
            List<Redrive> running = List.copyOf(redrives);
            running.forEach(Redrive::cancel);
            browsers.close();
            List<DefaultConsumer> open = List.copyOf(consumers.open());
            // all at once, so that the slowest handler alone decides how long it takes
            open.forEach(DefaultConsumer::beginClose);
            open.forEach(DefaultConsumer::awaitEnd);
            running.forEach(redrive -> redrive.awaitEnd(CLOSE_STEP));
            for (Producer<?> producer : List.copyOf(producers)) {
                producer.close();
            }
            senders.close(CLOSE_STEP);
            try {
                engine.connection().close(CLOSE_STEP);
            } catch (Throwable e) {
                log.warn("Could not close the connection: {}; continuing with the close", e.toString());
            }
            engine.callbacks().close(CALLBACKS_CLOSE);
            closeTime.run();
        } finally {
            shutdown.closed();
        }
    }
}
