package io.anymq.spring.client;

import io.anymq.ConsumerBuilder;
import io.anymq.DeadLetters;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that exists while its broker cannot be reached yet, so that an application starts without it. Until it is
 * connected, producers can be made and refuse each message with {@link ErrorCode#UNAVAILABLE}, its health is DOWN, and
 * everything else fails with a retryable UNAVAILABLE; meanwhile it tries again in the background. From then on it is the
 * client it has opened. Thread-safe.
 */
public final class ManagedClient implements MessagingClient {
    private static final Logger log = LoggerFactory.getLogger(ManagedClient.class);

    private final Supplier<MessagingClient.Builder> builders;
    private final Reconnection reconnection = new Reconnection();
    private final Set<ManagedProducer<?>> producers = ConcurrentHashMap.newKeySet();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable MessagingClient opened;
    private volatile String problem = "";
    private boolean closed;

    private ManagedClient(Supplier<MessagingClient.Builder> builders) {
        this.builders = builders;
    }

    /**
     * Connects, or begins to try it in the background.
     *
     * @param builders gives a new builder for each attempt
     * @throws MessagingException if trying again would not help: a wrong configuration, a refused password
     */
    public static ManagedClient open(Supplier<MessagingClient.Builder> builders) {
        ManagedClient client = new ManagedClient(builders);
        try {
            client.connect();
        } catch (MessagingException e) {
            if (!e.isRetryable()) {
                client.close();
                throw e;
            }
            client.problem = String.valueOf(e.getMessage());
            log.warn(
                    "The broker cannot be reached: {}; the application starts, retrying in the background",
                    client.problem);
            client.reconnection.repeat(client::reconnect);
        }
        return client;
    }

    private boolean reconnect() {
        try {
            connect();
            log.info("Connected to the broker");
            return true;
        } catch (MessagingException e) {
            problem = String.valueOf(e.getMessage());
            if (e.isRetryable()) {
                log.info("The broker still cannot be reached: {}; retrying", problem);
            } else {
                log.error("Could not open the client: {}; retrying", problem);
            }
        } catch (Throwable e) {
            problem = e.toString();
            log.error("Could not open the client; retrying", e);
        }
        return false;
    }

    private void connect() {
        MessagingClient client = builders.get().open();
        synchronized (this) {
            if (!closed) {
                opened = client;
                return;
            }
        }
        client.close();
    }

    /** The client behind this one; empty until the broker was reached for the first time. */
    public Optional<MessagingClient> connected() {
        return Optional.ofNullable(opened);
    }

    private MessagingClient required() {
        MessagingClient client = opened;
        if (client == null) {
            throw notConnected();
        }
        return client;
    }

    MessagingException notConnected() {
        return new MessagingException(
                ErrorCode.UNAVAILABLE,
                "the broker could not be reached since the application started, retrying in the background: " + problem,
                true,
                null);
    }

    /** The producers that were made by this client and not closed. */
    public List<Producer<?>> producers() {
        return List.copyOf(producers);
    }

    @Override
    public <T> Producer<T> producer(Destination destination, TypeRef<T> type) {
        return producer(destination, client -> client.producer(destination, type));
    }

    @Override
    public <T> Producer<T> producer(Destination destination, TypeRef<T> type, ProducerOptions options) {
        return producer(destination, client -> client.producer(destination, type, options));
    }

    private <T> Producer<T> producer(Destination destination, Function<MessagingClient, Producer<T>> open) {
        ManagedProducer<T> producer = new ManagedProducer<>(this, destination, open, producers::remove);
        producer.openNow();
        producers.add(producer);
        return producer;
    }

    @Override
    public ProducerOptions producerOptions() {
        return required().producerOptions();
    }

    @Override
    public <T> ConsumerBuilder<T> consumer(Source source, TypeRef<T> type) {
        return required().consumer(source, type);
    }

    @Override
    public void provision(Source source) {
        required().provision(source);
    }

    @Override
    public CompletableFuture<RedriveReport> redrive(Queue deadLetter, RedriveOptions options) {
        MessagingClient client = opened;
        return client == null ? CompletableFuture.failedFuture(notConnected()) : client.redrive(deadLetter, options);
    }

    @Override
    public DeadLetters deadLetters(Queue deadLetter) {
        return required().deadLetters(deadLetter);
    }

    @Override
    public ConfigValues config(String prefix) {
        MessagingClient client = opened;
        return client == null ? builders.get().config(prefix) : client.config(prefix);
    }

    @Override
    public Health health(Duration timeout) {
        MessagingClient client = opened;
        return client == null ? Health.down(String.valueOf(notConnected().getMessage())) : client.health(timeout);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        MessagingClient client = opened;
        return client == null ? Optional.empty() : client.unwrap(type);
    }

    @Override
    public void awaitShutdown() throws InterruptedException {
        ended.await();
    }

    @Override
    public boolean awaitShutdown(Duration timeout) throws InterruptedException {
        return ended.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        MessagingClient client;
        synchronized (this) {
            closed = true;
            client = opened;
        }
        reconnection.close();
        producers.forEach(ManagedProducer::refuseMore);
        if (client != null) {
            client.close();
        }
        ended.countDown();
    }
}
