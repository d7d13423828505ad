package io.anymq.opentelemetry;

import static io.anymq.opentelemetry.AttributeNames.DEAD_LETTER_QUEUE;
import static io.anymq.opentelemetry.AttributeNames.DESTINATION;
import static io.anymq.opentelemetry.AttributeNames.ERROR_TYPE;
import static io.anymq.opentelemetry.AttributeNames.OPERATION;
import static io.anymq.opentelemetry.AttributeNames.OPERATION_NAME;
import static io.anymq.opentelemetry.AttributeNames.OPERATION_TYPE;
import static io.anymq.opentelemetry.AttributeNames.REASON;
import static io.anymq.opentelemetry.AttributeNames.SUBSCRIPTION;
import static io.anymq.opentelemetry.AttributeNames.SYSTEM;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.MessagingEvent;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Source;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Counts and measures. Every attribute has a bounded number of values. Thread-safe. */
final class Instruments {
    /** Of the conventions, in seconds. */
    private static final List<Double> BUCKETS =
            List.of(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1d, 2.5, 5d, 7.5, 10d);

    private static final AttributeKey<String> SOURCE = AttributeNames.SOURCE;
    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    private final Meter meter;
    private final SemanticConventions conventions;
    private final BoundedNames names;
    private final BoundedNames errors;
    private final OpenConsumers consumers;
    private final Set<Producer<?>> producers = ConcurrentHashMap.newKeySet();
    private volatile String system = "anymq";

    private final DoubleHistogram operationDuration;
    private final DoubleHistogram publishDuration;
    private final DoubleHistogram processDuration;
    private final LongCounter sent;
    private final LongCounter consumed;
    private final LongCounter retries;
    private final LongCounter deadLetters;
    private final LongCounter discarded;
    private final LongCounter duplicates;
    private final LongCounter redriven;
    private final LongCounter settled;

    Instruments(Meter meter, SemanticConventions conventions, int maxNames) {
        this.meter = meter;
        this.conventions = conventions;
        this.names = new BoundedNames(maxNames);
        this.errors = new BoundedNames(maxNames);
        this.consumers = new OpenConsumers(names);
        this.operationDuration = histogram(
                "messaging.client.operation.duration",
                "Duration of messaging operation initiated by a producer or consumer client.");
        this.publishDuration = histogram("messaging.publish.duration", "Measures the duration of publish operation.");
        this.processDuration = histogram("messaging.process.duration", "Duration of processing operation.");
        this.sent = counter("messaging.client.sent.messages", "{message}", "Messages that a producer tried to send.");
        this.consumed = counter(
                "messaging.client.consumed.messages", "{message}", "Messages that were delivered to a handler.");
        this.retries = counter("anymq.retries", "{retry}", "Failed attempts after which another was planned.");
        this.deadLetters = counter("anymq.dead_letters", "{message}", "Messages confirmed at a dead-letter queue.");
        this.discarded = counter("anymq.discarded", "{message}", "Messages given up and dropped.");
        this.duplicates = counter("anymq.duplicates", "{message}", "Duplicates whose handler was not called.");
        this.redriven = counter("anymq.redriven", "{message}", "Dead letters sent back to where they failed.");
        this.settled = counter("anymq.settled", "{message}", "Messages settled at the broker.");
        gauge(
                "anymq.consumer.in_flight",
                "{message}",
                "Messages taken from the broker and not settled.",
                Consumer::inFlight);
        gauge(
                "anymq.consumer.window",
                "{message}",
                "Messages that can be handled now and are held at most.",
                Consumer::window);
        gauge("anymq.consumer.blocked", "{message}", "Messages behind a retry of their key.", Consumer::blocked);
        gauge(
                "anymq.consumer.parked_keys",
                "{key}",
                "Parked keys.",
                consumer -> consumer.parkedKeys().size());
        meter.gaugeBuilder("anymq.consumer.health")
                .ofLongs()
                .setDescription("2 for UP, 1 for DEGRADED, 0 for DOWN.")
                .buildWithCallback(to -> consumers.forEachHealth((path, value) -> to.record(value, at(path))));
        meter.gaugeBuilder("anymq.consumer.backlog.age")
                .setUnit("s")
                .setDescription("Age of the message whose first attempt began last, while messages are in flight.")
                .buildWithCallback(to -> consumers.forEachAge(
                        System.currentTimeMillis(), (path, seconds) -> to.record(seconds, at(path))));
        producerGauge(
                "anymq.producer.in_flight", "{message}", "Sends that wait for their confirm.", Producer::inFlight);
        producerGauge(
                "anymq.producer.blocked_keys",
                "{key}",
                "Keys whose sends are refused after one failed.",
                producer -> producer.blockedKeys().size());
    }

    private DoubleHistogram histogram(String name, String description) {
        return meter.histogramBuilder(name)
                .setUnit("s")
                .setDescription(description)
                .setExplicitBucketBoundariesAdvice(BUCKETS)
                .build();
    }

    private LongCounter counter(String name, String unit, String description) {
        return meter.counterBuilder(name)
                .setUnit(unit)
                .setDescription(description)
                .build();
    }

    private void gauge(String name, String unit, String description, ToIntFunction<Consumer> what) {
        meter.gaugeBuilder(name)
                .ofLongs()
                .setUnit(unit)
                .setDescription(description)
                .buildWithCallback(to -> consumers.forEach(what, (path, value) -> to.record(value, at(path))));
    }

    private Attributes at(String name) {
        return Attributes.of(SYSTEM, system, SOURCE, name);
    }

    private void producerGauge(String name, String unit, String description, ToIntFunction<Producer<?>> what) {
        meter.gaugeBuilder(name)
                .ofLongs()
                .setUnit(unit)
                .setDescription(description)
                .buildWithCallback(to -> record(to, what));
    }

    /** Producers of one destination together: a second value for the same attributes would replace the first. */
    private void record(ObservableLongMeasurement to, ToIntFunction<Producer<?>> what) {
        Map<String, Long> sums = new HashMap<>();
        producers.forEach(producer ->
                sums.merge(names.of(producer.destination().name()), (long) what.applyAsInt(producer), Long::sum));
        sums.forEach((name, sum) -> to.record(sum, Attributes.of(SYSTEM, system, DESTINATION, name)));
    }

    void clientOpened(MessagingEvent.ClientOpened event) {
        system = event.broker();
    }

    void producerOpened(Producer<?> producer) {
        producers.add(producer);
    }

    void producerClosed(Producer<?> producer) {
        producers.remove(producer);
    }

    void consumerStarted(Consumer consumer) {
        consumers.started(consumer);
    }

    void attemptBegins(Delivery<?> first) {
        consumers.attemptBegins(first);
    }

    void sendEnded(MessagingEvent.SendEnded event) {
        Attributes attributes = attributes(Operation.SEND, Place.of(event.destination()), event.failure());
        double seconds = seconds(event.duration());
        if (conventions.isFinal()) {
            operationDuration.record(seconds, attributes);
            sent.add(1, attributes);
        }
        if (conventions.isCurrent()) {
            publishDuration.record(seconds, attributes);
        }
    }

    void attemptEnded(MessagingEvent.AttemptEnded event) {
        Attributes attributes = attributes(Operation.PROCESS, Place.of(event.source()), event.failure());
        processDuration.record(seconds(event.duration()), attributes);
        if (conventions.isFinal() && event.attempt() == 1) {
            consumed.add(1, attributes);
        }
    }

    void retryScheduled(MessagingEvent.RetryScheduled event) {
        retries.add(1, of(event.source()));
    }

    void deadLettered(MessagingEvent.DeadLettered event) {
        deadLetters.add(
                1,
                of(event.source()).toBuilder()
                        .put(REASON, event.reason().name())
                        .put(DEAD_LETTER_QUEUE, names.of(event.queue().name()))
                        .build());
    }

    void discarded(MessagingEvent.Discarded event) {
        discarded.add(
                1,
                of(event.source()).toBuilder()
                        .put(REASON, event.reason().name())
                        .build());
    }

    void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
        duplicates.add(1, of(event.source()));
    }

    void settled(MessagingEvent.Settled event) {
        settled.add(1, of(event.source()));
    }

    void redriven(Queue deadLetter, Source origin) {
        redriven.add(
                1,
                of(origin).toBuilder()
                        .put(DEAD_LETTER_QUEUE, names.of(deadLetter.name()))
                        .build());
    }

    private Attributes of(Source source) {
        return at(names.of(source.path()));
    }

    private Attributes attributes(Operation operation, Place place, @Nullable Throwable failure) {
        AttributesBuilder builder =
                Attributes.builder().put(SYSTEM, system).put(DESTINATION, names.of(place.destination()));
        String subscription = place.subscription();
        if (subscription != null) {
            builder.put(SUBSCRIPTION, names.of(subscription));
        }
        if (conventions.isFinal()) {
            builder.put(OPERATION_NAME, operation.word).put(OPERATION_TYPE, operation.type);
        }
        if (conventions.isCurrent()) {
            builder.put(OPERATION, operation.currentType);
        }
        if (failure != null) {
            builder.put(ERROR_TYPE, errors.of(ErrorType.of(failure)));
        }
        return builder.build();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }
}
