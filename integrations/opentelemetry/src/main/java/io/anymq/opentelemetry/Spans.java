package io.anymq.opentelemetry;

import static io.anymq.opentelemetry.AttributeNames.ATTEMPT;
import static io.anymq.opentelemetry.AttributeNames.BATCH_COUNT;
import static io.anymq.opentelemetry.AttributeNames.CLIENT_ID;
import static io.anymq.opentelemetry.AttributeNames.DEAD_LETTER_QUEUE;
import static io.anymq.opentelemetry.AttributeNames.DESTINATION;
import static io.anymq.opentelemetry.AttributeNames.ERROR_TYPE;
import static io.anymq.opentelemetry.AttributeNames.MESSAGE_ID;
import static io.anymq.opentelemetry.AttributeNames.OPERATION;
import static io.anymq.opentelemetry.AttributeNames.OPERATION_NAME;
import static io.anymq.opentelemetry.AttributeNames.OPERATION_TYPE;
import static io.anymq.opentelemetry.AttributeNames.OUTCOME;
import static io.anymq.opentelemetry.AttributeNames.REASON;
import static io.anymq.opentelemetry.AttributeNames.REDRIVES;
import static io.anymq.opentelemetry.AttributeNames.SOURCE;
import static io.anymq.opentelemetry.AttributeNames.SUBSCRIPTION;
import static io.anymq.opentelemetry.AttributeNames.SYSTEM;

import io.anymq.Delivery;
import io.anymq.Destination;
import io.anymq.Interceptor.DeadLetterContext;
import io.anymq.Interceptor.ForwardChain;
import io.anymq.Interceptor.HandlerChain;
import io.anymq.Interceptor.HandlerContext;
import io.anymq.Interceptor.RedriveContext;
import io.anymq.Interceptor.SendChain;
import io.anymq.Interceptor.SendContext;
import io.anymq.Message;
import io.anymq.MessagingEvent;
import io.anymq.MessagingException;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Makes the spans and carries their context in the messages' headers. Thread-safe. */
final class Spans {
    private static final String BAGGAGE = "baggage";

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final SemanticConventions conventions;
    private final Attempts attempts = new Attempts();
    private final Unsettled unsettled = new Unsettled();
    private volatile String system = "anymq";
    private volatile String client = "";

    Spans(Tracer tracer, TextMapPropagator propagator, SemanticConventions conventions) {
        this.tracer = tracer;
        this.propagator = propagator;
        this.conventions = conventions;
    }

    void clientOpened(MessagingEvent.ClientOpened event) {
        system = event.broker();
        client = event.client();
    }

    @SuppressWarnings("try") // a scope is only closed
    <T> void send(SendContext context, Message<T> message, SendChain<T> next) {
        Context parent = parentOf(context.delivery());
        SpanContext own = ownContext(context, message);
        SpanBuilder builder = builder(Operation.SEND, Place.of(context.destination()), parent);
        String id = message.id();
        if (id != null) {
            builder.setAttribute(MESSAGE_ID, id);
        }
        link(builder, own);
        Span span = builder.startSpan();
        Context inside = parent.with(span);
        Message<T> outgoing = own.isValid() ? message : carrying(inside, message);
        try (Scope ignored = inside.makeCurrent()) {
            endWith(span, next.send(outgoing));
        } catch (Throwable e) {
            end(span, e);
            throw e;
        }
    }

    /**
     * What is current, or the attempt whose handler publishes: it may do so on a thread of its own, where nothing is
     * current.
     */
    private Context parentOf(Optional<Delivery<?>> publishing) {
        Context current = Context.current();
        Context attempt = publishing.map(attempts::latest).orElse(null);
        if (attempt == null) {
            return current;
        }
        SpanContext inner = Span.fromContext(current).getSpanContext();
        SpanContext outer = Span.fromContext(attempt).getSpanContext();
        return inner.isValid() && inner.getTraceId().equals(outer.getTraceId()) ? current : attempt;
    }

    /** The context that the application has put into the message, unless it was only copied from the input. */
    private SpanContext ownContext(SendContext context, Message<?> message) {
        if (message.headers().isEmpty()) {
            return SpanContext.getInvalid();
        }
        SpanContext found = contextIn(message.headers());
        Delivery<?> input = context.delivery().orElse(null);
        return input != null && found.equals(contextIn(input.headers())) ? SpanContext.getInvalid() : found;
    }

    private SpanContext contextIn(Map<String, String> headers) {
        return Span.fromContext(extract(headers)).getSpanContext();
    }

    private Context extract(Map<String, String> headers) {
        return propagator.extract(Context.root(), headers, Headers.GETTER);
    }

    private <T> Message<T> carrying(Context context, Message<T> message) {
        Map<String, String> written = new HashMap<>();
        propagator.inject(context, written, Headers.SETTER);
        if (written.isEmpty()) {
            return message;
        }
        Map<String, String> headers = new HashMap<>(message.headers());
        written.forEach((name, value) -> {
            if (!name.equals(BAGGAGE) || !headers.containsKey(BAGGAGE)) {
                headers.put(name, value);
            }
        });
        try {
            return message.withHeaders(headers);
        } catch (MessagingException e) {
            // no room beside the application's own headers: the message matters more than its trace
            return message;
        }
    }

    @SuppressWarnings("try") // a scope is only closed
    CompletionStage<?> handle(HandlerContext context, HandlerChain next) throws Exception {
        List<Delivery<?>> deliveries = context.deliveries();
        Span span = attempt(context);
        Context inside = (deliveries.size() == 1 ? extract(deliveries.get(0).headers()) : Context.root()).with(span);
        deliveries.forEach(delivery -> attempts.begun(delivery, inside));
        try (Scope ignored = inside.makeCurrent()) {
            return next.handle().whenComplete((result, failure) -> handled(deliveries, inside, span, failure));
        } catch (Throwable e) {
            handled(deliveries, inside, span, e);
            throw e;
        }
    }

    private Span attempt(HandlerContext context) {
        List<Delivery<?>> deliveries = context.deliveries();
        Delivery<?> first = deliveries.get(0);
        Context parent = deliveries.size() == 1 ? extract(first.headers()) : Context.root();
        SpanBuilder builder = builder(Operation.PROCESS, Place.of(context.source()), parent);
        if (context.isBatch()) {
            builder.setAttribute(BATCH_COUNT, (long) deliveries.size());
        }
        if (deliveries.size() == 1) {
            builder.setAttribute(MESSAGE_ID, first.id());
            builder.setAttribute(ATTEMPT, (long) first.attempt());
            if (first.redrives() > 0) {
                builder.setAttribute(REDRIVES, (long) first.redrives());
            }
        }
        for (Delivery<?> delivery : deliveries) {
            link(builder, contextIn(delivery.headers()));
            link(builder, FailureTrace.read(delivery.headers()));
        }
        return builder.startSpan();
    }

    private void handled(List<Delivery<?>> deliveries, Context attempt, Span span, @Nullable Throwable failure) {
        Instant now = Instant.now();
        // each message of a batch that failed is handled again alone, and that attempt counts
        boolean counts = failure == null || deliveries.size() == 1;
        if (counts) {
            for (Delivery<?> delivery : deliveries) {
                if (failure != null) {
                    attempts.failed(delivery);
                }
                unsettled.add(delivery.source(), delivery.id(), attempt, now);
            }
        }
        end(span, failure);
    }

    void deadLetter(DeadLetterContext context, ForwardChain next) {
        Delivery<?> delivery = context.delivery();
        Context attempt = attempts.latest(delivery);
        Context parent = attempt == null ? extract(delivery.headers()) : attempt;
        SpanBuilder builder = builder(Operation.DEAD_LETTER, Place.of((Destination) context.queue()), parent)
                .setAttribute(MESSAGE_ID, delivery.id())
                .setAttribute(SOURCE, delivery.source().path())
                .setAttribute(REASON, context.reason().name())
                .setAttribute(ATTEMPT, (long) delivery.attempt());
        link(builder, contextIn(delivery.headers()));
        Span span = builder.startSpan();
        Context inside = parent.with(span);
        attempts.deadLetter(delivery, inside);
        forward(span, inside, next, failureHeader(delivery, span));
    }

    /** A message that comes back and fails again keeps the failure that was the first. */
    private Map<String, String> failureHeader(Delivery<?> delivery, Span deadLetter) {
        if (FailureTrace.read(delivery.headers()).isValid()) {
            return Map.of();
        }
        SpanContext failure = attempts.firstFailure(delivery);
        return FailureTrace.header(failure.isValid() ? failure : deadLetter.getSpanContext());
    }

    void redrive(RedriveContext context, ForwardChain next) {
        Context parent = extract(context.headers());
        SpanBuilder builder = builder(Operation.REDRIVE, Place.of(context.origin()), parent)
                .setAttribute(MESSAGE_ID, context.messageId())
                .setAttribute(DEAD_LETTER_QUEUE, context.deadLetter().name())
                .setAttribute(REDRIVES, context.redrives());
        link(builder, FailureTrace.read(context.headers()));
        Span span = builder.startSpan();
        forward(span, parent.with(span), next, Map.of());
    }

    @SuppressWarnings("try") // a scope is only closed
    private static void forward(Span span, Context inside, ForwardChain next, Map<String, String> headers) {
        try (Scope ignored = inside.makeCurrent()) {
            endWith(span, next.send(headers));
        } catch (Throwable e) {
            end(span, e);
            throw e;
        }
    }

    /** In the span that the lines are about, which has ended: its dead letter, its latest attempt, or else its send. */
    @SuppressWarnings("try") // a scope is only closed
    void log(Delivery<?> delivery, Runnable lines) {
        Context about = attempts.latestOrDeadLetter(delivery);
        try (Scope ignored = (about == null ? extract(delivery.headers()) : about).makeCurrent()) {
            lines.run();
        }
    }

    void deadLettered(MessagingEvent.DeadLettered event) {
        unsettled.since(event.source(), event.messageId(), Instant.now());
    }

    void settled(MessagingEvent.Settled event) {
        Unsettled.Waiting waiting = unsettled.remove(event.source(), event.messageId());
        if (waiting != null) {
            builder(Operation.SETTLE, Place.of(event.source()), waiting.attempt())
                    .setAttribute(MESSAGE_ID, event.messageId())
                    .setStartTimestamp(waiting.since())
                    .startSpan()
                    .end();
        }
    }

    private SpanBuilder builder(Operation operation, Place place, Context parent) {
        String name = conventions.isFinal()
                ? operation.word + " " + place.destination()
                : place.destination() + " " + (operation == Operation.SEND ? operation.currentType : operation.word);
        SpanBuilder builder = tracer.spanBuilder(name)
                .setParent(parent)
                .setSpanKind(operation.kind)
                .setAttribute(SYSTEM, system)
                .setAttribute(DESTINATION, place.destination());
        String subscription = place.subscription();
        if (subscription != null) {
            builder.setAttribute(SUBSCRIPTION, subscription);
        }
        if (!client.isEmpty()) {
            builder.setAttribute(CLIENT_ID, client);
        }
        if (conventions.isFinal()) {
            builder.setAttribute(OPERATION_NAME, operation.word).setAttribute(OPERATION_TYPE, operation.type);
        }
        if (conventions.isCurrent()) {
            builder.setAttribute(OPERATION, operation.currentType);
        }
        return builder;
    }

    private static void link(SpanBuilder builder, SpanContext to) {
        if (to.isValid()) {
            builder.addLink(to);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the span is all that waits for it
    private static void endWith(Span span, CompletionStage<Receipt> sent) {
        sent.whenComplete((receipt, failure) -> end(span, failure));
    }

    private static void end(Span span, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable thrown = ErrorType.cause(failure);
            span.setStatus(StatusCode.ERROR);
            span.setAttribute(ERROR_TYPE, ErrorType.of(thrown));
            if (thrown instanceof SendException send) {
                span.setAttribute(OUTCOME, send.outcome().name());
            }
            span.recordException(thrown);
        }
        span.end();
    }
}
