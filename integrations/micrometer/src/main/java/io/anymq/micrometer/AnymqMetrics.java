package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.Consumer;
import io.anymq.Interceptor;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.SendException;
import io.anymq.micrometer.AnymqMeterDocumentation.Tags;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one client: sends, attempts, retries, dead letters by reason, what is in flight, blocked and parked, the
 * window, health, and how far consumers are behind. {@link AnymqMeterDocumentation} has their names and tags.
 * Thread-safe; make one for each client, and open the client with it:
 *
 * <pre>{@code
 * MessagingClient client = AnymqMetrics.of(registry).addTo(MessagingClient.builder()).open();
 * }</pre>
 *
 * <p>Nothing of a single message becomes a tag, and the number of values of each tag is bounded by
 * {@link Builder#maxNames}. Clients of one process may share a registry; give each its own {@link Builder#tags}, or
 * the gauges of the first one that reads a source count.
 */
@API(API.Status.EVOLVING)
public final class AnymqMetrics implements MessagingObserver, Interceptor {
    private static final String NONE = "none";

    private final MeterRegistry registry;
    private final List<Tag> common;
    private final BoundedNames destinations;
    private final BoundedNames sources;
    private final BoundedNames errors;

    /** By bounded name; changed under the lock of {@link #consumerGauges}. */
    private final Map<String, OpenConsumers> consumers = new ConcurrentHashMap<>();

    // guarded by themselves
    private final Map<String, List<Meter>> consumerGauges = new HashMap<>();
    private final Map<String, OpenProducers> producers = new HashMap<>();

    private AnymqMetrics(Builder builder) {
        this.registry = builder.registry;
        this.common = List.copyOf(builder.tags);
        this.destinations = new BoundedNames(builder.maxNames);
        this.sources = new BoundedNames(builder.maxNames);
        this.errors = new BoundedNames(builder.maxNames);
    }

    /** With the defaults of {@link #builder}. */
    public static AnymqMetrics of(MeterRegistry registry) {
        return builder(registry).build();
    }

    /** For everything else. */
    public static Builder builder(MeterRegistry registry) {
        return new Builder(registry);
    }

    /**
     * Adds this to a client that is about to be opened, as an interceptor and as an observer.
     *
     * @return {@code builder}
     * @throws io.anymq.ConfigurationException if it was added already
     */
    public MessagingClient.Builder addTo(MessagingClient.Builder builder) {
        return builder.interceptor(this).observer(this);
    }

    @Override
    public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
        OpenConsumers ofSource = consumers.get(sources.of(context.source().path()));
        if (ofSource != null) {
            ofSource.attemptBegins(context.deliveries().get(0));
        }
        return next.handle();
    }

    @Override
    public void consumerStarted(MessagingEvent.ConsumerStarted event) {
        String path = sources.of(event.consumer().source().path());
        synchronized (consumerGauges) {
            OpenConsumers ofSource = consumers.get(path);
            if (ofSource == null) {
                ofSource = new OpenConsumers();
                consumers.put(path, ofSource);
                consumerGauges.put(path, gauges(path, ofSource));
            }
            ofSource.started(event.consumer(), () -> ended(path));
        }
    }

    private void ended(String path) {
        synchronized (consumerGauges) {
            OpenConsumers ofSource = consumers.get(path);
            if (ofSource != null && ofSource.isOver()) {
                consumers.remove(path);
                Objects.requireNonNull(consumerGauges.remove(path)).forEach(registry::remove);
            }
        }
    }

    private List<Meter> gauges(String path, OpenConsumers of) {
        List<Meter> gauges = new ArrayList<>();
        gauges.add(gauge(AnymqMeterDocumentation.IN_FLIGHT, path, of, consumers -> consumers.sum(Consumer::inFlight)));
        gauges.add(gauge(AnymqMeterDocumentation.WINDOW, path, of, consumers -> consumers.sum(Consumer::window)));
        gauges.add(gauge(AnymqMeterDocumentation.BLOCKED, path, of, consumers -> consumers.sum(Consumer::blocked)));
        ToIntFunction<Consumer> parked = consumer -> consumer.parkedKeys().size();
        gauges.add(gauge(AnymqMeterDocumentation.PARKED_KEYS, path, of, consumers -> consumers.sum(parked)));
        gauges.add(gauge(AnymqMeterDocumentation.HEALTH, path, of, OpenConsumers::health));
        gauges.add(gauge(
                AnymqMeterDocumentation.BACKLOG_AGE,
                path,
                of,
                consumers -> consumers.backlogAge(registry.config().clock().wallTime())));
        return gauges;
    }

    private Gauge gauge(
            AnymqMeterDocumentation meter, String path, OpenConsumers of, ToDoubleFunction<OpenConsumers> value) {
        return Gauge.builder(meter.getName(), of, value)
                .description(Descriptions.of(meter))
                .baseUnit(meter == AnymqMeterDocumentation.BACKLOG_AGE ? "seconds" : null)
                .tags(tags(Tags.SOURCE, path))
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void producerOpened(MessagingEvent.ProducerOpened event) {
        String name = destinations.of(event.producer().destination().name());
        synchronized (producers) {
            producers.computeIfAbsent(name, this::producerGauges).opened(event.producer());
        }
    }

    private OpenProducers producerGauges(String name) {
        OpenProducers of = new OpenProducers();
        ToIntFunction<Producer<?>> blocked = producer -> producer.blockedKeys().size();
        gauge(AnymqMeterDocumentation.PRODUCER_IN_FLIGHT, name, of, producers -> producers.sum(Producer::inFlight));
        gauge(AnymqMeterDocumentation.BLOCKED_KEYS, name, of, producers -> producers.sum(blocked));
        return of;
    }

    private void gauge(
            AnymqMeterDocumentation meter, String name, OpenProducers of, ToDoubleFunction<OpenProducers> value) {
        Gauge.builder(meter.getName(), of, value)
                .description(Descriptions.of(meter))
                .tags(tags(Tags.DESTINATION, name))
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void producerClosed(MessagingEvent.ProducerClosed event) {
        synchronized (producers) {
            OpenProducers of =
                    producers.get(destinations.of(event.producer().destination().name()));
            if (of != null) {
                of.closed(event.producer());
            }
        }
    }

    @Override
    public void sendEnded(MessagingEvent.SendEnded event) {
        SendException failure = event.failure();
        List<Tag> tags =
                tags(Tags.DESTINATION, destinations.of(event.destination().name()));
        tags.add(tag(
                Tags.OUTCOME,
                failure == null ? "confirmed" : failure.outcome().name().toLowerCase(Locale.ROOT)));
        tags.add(error(failure));
        time(AnymqMeterDocumentation.SEND, tags, event.duration());
    }

    @Override
    public void attemptEnded(MessagingEvent.AttemptEnded event) {
        List<Tag> tags = tags(Tags.SOURCE, sources.of(event.source().path()));
        tags.add(tag(Tags.OUTCOME, event.failure() == null ? "success" : "failure"));
        tags.add(error(event.failure()));
        time(AnymqMeterDocumentation.ATTEMPT, tags, event.duration());
    }

    @Override
    public void retryScheduled(MessagingEvent.RetryScheduled event) {
        count(
                AnymqMeterDocumentation.RETRIES,
                tags(Tags.SOURCE, sources.of(event.source().path())));
    }

    @Override
    public void deadLettered(MessagingEvent.DeadLettered event) {
        List<Tag> tags = tags(Tags.SOURCE, sources.of(event.source().path()));
        tags.add(tag(Tags.QUEUE, destinations.of(event.queue().name())));
        tags.add(tag(Tags.REASON, event.reason().name()));
        count(AnymqMeterDocumentation.DEAD_LETTERS, tags);
    }

    @Override
    public void discarded(MessagingEvent.Discarded event) {
        List<Tag> tags = tags(Tags.SOURCE, sources.of(event.source().path()));
        tags.add(tag(Tags.REASON, event.reason().name()));
        count(AnymqMeterDocumentation.DISCARDED, tags);
    }

    @Override
    public void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
        count(
                AnymqMeterDocumentation.DUPLICATES,
                tags(Tags.SOURCE, sources.of(event.source().path())));
    }

    @Override
    public void settled(MessagingEvent.Settled event) {
        count(
                AnymqMeterDocumentation.SETTLED,
                tags(Tags.SOURCE, sources.of(event.source().path())));
    }

    @Override
    public void redriven(MessagingEvent.Redriven event) {
        List<Tag> tags = tags(Tags.QUEUE, destinations.of(event.deadLetter().name()));
        tags.add(tag(Tags.SOURCE, sources.of(event.origin().path())));
        count(AnymqMeterDocumentation.REDRIVEN, tags);
    }

    private void count(AnymqMeterDocumentation meter, List<Tag> tags) {
        io.micrometer.core.instrument.Counter.builder(meter.getName())
                .description(Descriptions.of(meter))
                .tags(tags)
                .register(registry)
                .increment();
    }

    private void time(AnymqMeterDocumentation meter, List<Tag> tags, Duration duration) {
        io.micrometer.core.instrument.Timer.builder(meter.getName())
                .description(Descriptions.of(meter))
                .tags(tags)
                .register(registry)
                .record(duration);
    }

    private List<Tag> tags(Tags name, String value) {
        List<Tag> tags = new ArrayList<>(common);
        tags.add(tag(name, value));
        return tags;
    }

    private static Tag tag(Tags name, String value) {
        return Tag.of(name.asString(), value);
    }

    private Tag error(@Nullable Throwable failure) {
        return tag(Tags.ERROR, failure == null ? NONE : errors.of(ErrorType.of(failure)));
    }

    /** Builds {@link AnymqMetrics}. Not thread-safe. */
    public static final class Builder {
        private final MeterRegistry registry;
        private final List<Tag> tags = new ArrayList<>();
        private int maxNames = 200;

        private Builder(MeterRegistry registry) {
            this.registry = Objects.requireNonNull(registry, "registry");
        }

        /** Tags of every meter, such as the client's name. Default: none. */
        public Builder tags(Iterable<Tag> tags) {
            tags.forEach(this.tags::add);
            return this;
        }

        /**
         * How many different destinations, sources and kinds of errors the meters tell apart, 1 to 10,000 of each;
         * default 200. All others are {@code other}.
         */
        public Builder maxNames(int maxNames) {
            this.maxNames = maxNames;
            return this;
        }

        /** Throws {@link IllegalArgumentException} naming the option, its bound and the value. */
        public AnymqMetrics build() {
            BoundedNames.requireMost(maxNames);
            return new AnymqMetrics(this);
        }
    }
}
