package io.anymq.opentelemetry;

import io.anymq.API;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Spans and metrics of one client by OpenTelemetry, after its conventions for messaging. Thread-safe; make one for each
 * client, and open the client with it:
 *
 * <pre>{@code
 * MessagingClient client = AnymqTelemetry.create(openTelemetry).addTo(MessagingClient.builder()).open();
 * }</pre>
 *
 * <p>Each send, each attempt, each settlement, each dead letter and each message of a redrive is a span. The context
 * travels in the headers that the propagator of {@code openTelemetry} writes, which are the W3C's {@code traceparent},
 * {@code tracestate} and {@code baggage} by default; a context that the application has put into a message is kept.
 *
 * <p>It does not fail a send or an attempt: a message whose headers have no room for the context goes without it.
 */
@API(API.Status.EVOLVING)
public final class AnymqTelemetry implements Interceptor, MessagingObserver {
    private static final String SCOPE = "io.anymq";

    private final boolean makesSpans;
    private final Spans spans;
    private final Instruments instruments;

    private AnymqTelemetry(Builder builder) {
        OpenTelemetry openTelemetry = builder.openTelemetry;
        this.makesSpans = builder.spans;
        TracerProvider tracers = builder.spans ? openTelemetry.getTracerProvider() : TracerProvider.noop();
        MeterProvider meters = builder.metrics ? openTelemetry.getMeterProvider() : MeterProvider.noop();
        this.spans = new Spans(
                tracers.get(SCOPE), openTelemetry.getPropagators().getTextMapPropagator(), builder.conventions);
        this.instruments = new Instruments(meters.get(SCOPE), builder.conventions, builder.maxNames);
    }

    /** With the defaults of {@link #builder}. */
    public static AnymqTelemetry create(OpenTelemetry openTelemetry) {
        return builder(openTelemetry).build();
    }

    /** For everything else. */
    public static Builder builder(OpenTelemetry openTelemetry) {
        return new Builder(openTelemetry);
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
    public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
        spans.send(context, message, next);
    }

    @Override
    public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
        instruments.attemptBegins(context.deliveries().get(0));
        return spans.handle(context, next);
    }

    @Override
    public void aroundDeadLetter(DeadLetterContext context, ForwardChain next) {
        spans.deadLetter(context, next);
    }

    @Override
    public void aroundRedrive(RedriveContext context, ForwardChain next) {
        spans.redrive(context, next);
    }

    @Override
    public void aroundLog(LogContext context, Runnable lines) {
        spans.log(context.delivery(), lines);
    }

    @Override
    public void clientOpened(MessagingEvent.ClientOpened event) {
        if (makesSpans) {
            AgentCheck.warnOfDoubleSpans(event.broker());
        }
        spans.clientOpened(event);
        instruments.clientOpened(event);
    }

    @Override
    public void producerOpened(MessagingEvent.ProducerOpened event) {
        instruments.producerOpened(event.producer());
    }

    @Override
    public void producerClosed(MessagingEvent.ProducerClosed event) {
        instruments.producerClosed(event.producer());
    }

    @Override
    public void consumerStarted(MessagingEvent.ConsumerStarted event) {
        instruments.consumerStarted(event.consumer());
    }

    @Override
    public void sendEnded(MessagingEvent.SendEnded event) {
        instruments.sendEnded(event);
    }

    @Override
    public void attemptEnded(MessagingEvent.AttemptEnded event) {
        instruments.attemptEnded(event);
    }

    @Override
    public void retryScheduled(MessagingEvent.RetryScheduled event) {
        instruments.retryScheduled(event);
    }

    @Override
    public void deadLettered(MessagingEvent.DeadLettered event) {
        instruments.deadLettered(event);
        spans.deadLettered(event);
    }

    @Override
    public void discarded(MessagingEvent.Discarded event) {
        instruments.discarded(event);
    }

    @Override
    public void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
        instruments.duplicateSkipped(event);
    }

    @Override
    public void settled(MessagingEvent.Settled event) {
        instruments.settled(event);
        spans.settled(event);
    }

    @Override
    public void redriven(MessagingEvent.Redriven event) {
        instruments.redriven(event.deadLetter(), event.origin());
    }

    /** Builds {@link AnymqTelemetry}. Not thread-safe. */
    public static final class Builder {
        private final OpenTelemetry openTelemetry;
        private SemanticConventions conventions = SemanticConventions.fromEnvironment();
        private int maxNames = 200;
        private boolean spans = true;
        private boolean metrics = true;

        private Builder(OpenTelemetry openTelemetry) {
            this.openTelemetry = Objects.requireNonNull(openTelemetry, "openTelemetry");
        }

        /** The form of the conventions; default {@link SemanticConventions#fromEnvironment()}. */
        public Builder semanticConventions(SemanticConventions conventions) {
            this.conventions = Objects.requireNonNull(conventions, "conventions");
            return this;
        }

        /**
         * How many different names of destinations and sources, and how many kinds of errors, metrics tell apart, 1 to
         * 10,000; default 200. All others are {@code other}. Spans are not concerned.
         */
        public Builder maxNames(int maxNames) {
            this.maxNames = maxNames;
            return this;
        }

        /** Whether there are spans; default true. Without them no context is carried except what is current. */
        public Builder spans(boolean spans) {
            this.spans = spans;
            return this;
        }

        /** Whether there are metrics; default true. */
        public Builder metrics(boolean metrics) {
            this.metrics = metrics;
            return this;
        }

        /** Throws {@link IllegalArgumentException} naming the option, its bound and the value. */
        public AnymqTelemetry build() {
            if (maxNames < 1 || maxNames > 10_000) {
                throw new IllegalArgumentException("maxNames must be between 1 and 10,000, but was " + maxNames);
            }
            return new AnymqTelemetry(this);
        }
    }
}
