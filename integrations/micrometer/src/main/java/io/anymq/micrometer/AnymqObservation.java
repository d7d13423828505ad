package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.Delivery;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Receipt;
import io.anymq.Source;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An observation of each send, attempt, settlement, dead letter and message of a redrive of one client, from which the
 * handlers of the registry make spans, timers or log lines. {@link AnymqObservationDocumentation} has their names.
 * Thread-safe; make one for each client, and open the client with it:
 *
 * <pre>{@code
 * MessagingClient client = AnymqObservation.of(registry).addTo(MessagingClient.builder()).open();
 * }</pre>
 *
 * <p>With a tracing bridge, add {@link AnymqReceiverTracingHandler} and {@link AnymqDeadLetterTracingHandler} to the
 * registry, which make the links. The context travels in the headers that the bridge writes; a context that the
 * application has put into a message ({@code traceparent}, {@code b3} or {@code X-B3-TraceId}) is kept.
 *
 * <p>It does not fail a send or an attempt: a message whose headers have no room for the context goes without it.
 */
@API(API.Status.EVOLVING)
public final class AnymqObservation implements Interceptor, MessagingObserver {
    private static final List<String> CONTEXT_HEADERS = List.of("traceparent", "b3", "X-B3-TraceId");
    private static final String BAGGAGE = "baggage";

    private final ObservationRegistry registry;
    private final @Nullable SendConvention send;
    private final @Nullable ProcessConvention process;
    private final @Nullable SettleConvention settle;
    private final @Nullable DeadLetterConvention deadLetter;
    private final @Nullable RedriveConvention redrive;
    private final BoundedNames destinations;
    private final BoundedNames sources;
    private final Attempts attempts = new Attempts();
    private final Unsettled unsettled = new Unsettled();
    private volatile String system = "anymq";

    private AnymqObservation(Builder builder) {
        this.registry = builder.registry;
        this.send = builder.send;
        this.process = builder.process;
        this.settle = builder.settle;
        this.deadLetter = builder.deadLetter;
        this.redrive = builder.redrive;
        this.destinations = new BoundedNames(builder.maxNames);
        this.sources = new BoundedNames(builder.maxNames);
    }

    /** With the defaults of {@link #builder}. */
    public static AnymqObservation of(ObservationRegistry registry) {
        return builder(registry).build();
    }

    /** For everything else. */
    public static Builder builder(ObservationRegistry registry) {
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
    public void clientOpened(MessagingEvent.ClientOpened event) {
        system = event.broker();
    }

    @Override
    @SuppressWarnings("try") // a scope is only closed
    public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
        Delivery<?> input = context.delivery().orElse(null);
        Map<String, String> written = new HashMap<>();
        Observation observation = AnymqObservationDocumentation.SEND.observation(
                send,
                DefaultSendConvention.INSTANCE,
                () -> new SendObservationContext(
                        context.destination(),
                        message,
                        system,
                        destinations.of(context.destination().name()),
                        written,
                        hasOwnContext(message, input)),
                registry);
        Observation attempt = input == null ? null : attempts.latest(input);
        if (attempt != null && !isInside(registry.getCurrentObservation(), attempt)) {
            // the handler publishes on a thread of its own, where nothing is current
            observation.parentObservation(attempt);
        }
        observation.start();
        try (Observation.Scope ignored = observation.openScope()) {
            endWith(observation, next.send(carrying(message, written)));
        } catch (Throwable e) {
            end(observation, e);
            throw e;
        }
    }

    /** Whether the application has put a context into the message, which it did not only copy from the input. */
    private static boolean hasOwnContext(Message<?> message, @Nullable Delivery<?> input) {
        return CONTEXT_HEADERS.stream().anyMatch(name -> {
            String value = message.headers().get(name);
            return value != null
                    && (input == null || !value.equals(input.headers().get(name)));
        });
    }

    private static boolean isInside(@Nullable ObservationView current, Observation attempt) {
        for (ObservationView view = current;
                view != null;
                view = view.getContextView().getParentObservation()) {
            if (view.getContextView() == attempt.getContextView()) {
                return true;
            }
        }
        return false;
    }

    private static <T> Message<T> carrying(Message<T> message, Map<String, String> written) {
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

    @Override
    @SuppressWarnings("try") // a scope is only closed
    public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
        List<Delivery<?>> deliveries = context.deliveries();
        Observation observation = AnymqObservationDocumentation.PROCESS.observation(
                process,
                DefaultProcessConvention.INSTANCE,
                () -> new ProcessObservationContext(
                        context.source(),
                        deliveries,
                        context.isBatch(),
                        system,
                        sources.of(context.source().path())),
                registry);
        observation.start();
        deliveries.forEach(delivery -> attempts.begun(delivery, observation));
        try (Observation.Scope ignored = observation.openScope()) {
            return next.handle().whenComplete((result, failure) -> handled(deliveries, observation, failure));
        } catch (Throwable e) {
            handled(deliveries, observation, e);
            throw e;
        }
    }

    private void handled(List<Delivery<?>> deliveries, Observation attempt, @Nullable Throwable failure) {
        end(attempt, failure);
        if (failure == null) {
            for (Delivery<?> delivery : deliveries) {
                Source source = delivery.source();
                unsettled.handled(source, delivery.id(), attempt, settlement(source, delivery.id(), attempt));
            }
        } else if (deliveries.size() == 1) {
            // each message of a batch that failed is handled again alone, and that attempt counts
            Delivery<?> delivery = deliveries.get(0);
            attempts.failed(delivery);
            unsettled.failed(delivery.source(), delivery.id(), attempt);
        }
    }

    private Observation settlement(Source source, String id, Observation attempt) {
        return AnymqObservationDocumentation.SETTLE
                .observation(
                        settle,
                        DefaultSettleConvention.INSTANCE,
                        () -> new SettleObservationContext(source, id, system, sources.of(source.path())),
                        registry)
                .parentObservation(attempt);
    }

    @Override
    public void aroundDeadLetter(DeadLetterContext context, ForwardChain next) {
        Delivery<?> delivery = context.delivery();
        Observation observation = AnymqObservationDocumentation.DEAD_LETTER.observation(
                deadLetter,
                DefaultDeadLetterConvention.INSTANCE,
                () -> new DeadLetterObservationContext(
                        delivery,
                        context.queue(),
                        context.reason(),
                        system,
                        sources.of(delivery.source().path())),
                registry);
        Observation attempt = attempts.latest(delivery);
        if (attempt != null) {
            observation.parentObservation(attempt);
        }
        observation.start();
        attempts.deadLetter(delivery, observation);
        forward(observation, next, failureHeader(delivery, observation));
    }

    /** A message that comes back and fails again keeps the failure that was the first. */
    private Map<String, String> failureHeader(Delivery<?> delivery, Observation deadLetter) {
        if (delivery.headers().containsKey(FailureTrace.HEADER)) {
            return Map.of();
        }
        Observation failure = attempts.firstFailure(delivery);
        return FailureTrace.header(failure == null ? deadLetter : failure);
    }

    @Override
    public void aroundRedrive(RedriveContext context, ForwardChain next) {
        Observation observation = AnymqObservationDocumentation.REDRIVE.observation(
                redrive,
                DefaultRedriveConvention.INSTANCE,
                () -> new RedriveObservationContext(
                        context, system, sources.of(context.origin().path())),
                registry);
        observation.start();
        forward(observation, next, Map.of());
    }

    @Override
    public void aroundLog(LogContext context, Runnable lines) {
        LogScope.write(attempts.latestOrDeadLetter(context.delivery()), lines);
    }

    @SuppressWarnings("try") // a scope is only closed
    private static void forward(Observation observation, ForwardChain next, Map<String, String> headers) {
        try (Observation.Scope ignored = observation.openScope()) {
            endWith(observation, next.send(headers));
        } catch (Throwable e) {
            end(observation, e);
            throw e;
        }
    }

    @Override
    public void deadLettered(MessagingEvent.DeadLettered event) {
        givenUp(event.source(), event.messageId());
    }

    @Override
    public void discarded(MessagingEvent.Discarded event) {
        givenUp(event.source(), event.messageId());
    }

    private void givenUp(Source source, String id) {
        unsettled.givenUp(source, id, attempt -> settlement(source, id, attempt));
    }

    @Override
    public void settled(MessagingEvent.Settled event) {
        unsettled.settled(event.source(), event.messageId());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the observation is all that waits for it
    private static void endWith(Observation observation, CompletionStage<Receipt> sent) {
        sent.whenComplete((receipt, failure) -> end(observation, failure));
    }

    private static void end(Observation observation, @Nullable Throwable failure) {
        if (failure != null) {
            observation.error(ErrorType.cause(failure));
        }
        observation.stop();
    }

    /** Builds {@link AnymqObservation}. Not thread-safe. */
    public static final class Builder {
        private final ObservationRegistry registry;
        private @Nullable SendConvention send;
        private @Nullable ProcessConvention process;
        private @Nullable SettleConvention settle;
        private @Nullable DeadLetterConvention deadLetter;
        private @Nullable RedriveConvention redrive;
        private int maxNames = 200;

        private Builder(ObservationRegistry registry) {
            this.registry = Objects.requireNonNull(registry, "registry");
        }

        /** Names observations of sends; default {@link DefaultSendConvention}, or a global one of the registry. */
        public Builder sendConvention(SendConvention convention) {
            this.send = Objects.requireNonNull(convention, "convention");
            return this;
        }

        /** Names observations of attempts; default {@link DefaultProcessConvention}, or a global one. */
        public Builder processConvention(ProcessConvention convention) {
            this.process = Objects.requireNonNull(convention, "convention");
            return this;
        }

        /** Names observations of settlements; default {@link DefaultSettleConvention}, or a global one. */
        public Builder settleConvention(SettleConvention convention) {
            this.settle = Objects.requireNonNull(convention, "convention");
            return this;
        }

        /** Names observations of dead letters; default {@link DefaultDeadLetterConvention}, or a global one. */
        public Builder deadLetterConvention(DeadLetterConvention convention) {
            this.deadLetter = Objects.requireNonNull(convention, "convention");
            return this;
        }

        /** Names observations of redrives; default {@link DefaultRedriveConvention}, or a global one. */
        public Builder redriveConvention(RedriveConvention convention) {
            this.redrive = Objects.requireNonNull(convention, "convention");
            return this;
        }

        /**
         * How many different destinations and sources the low-cardinality key values tell apart, 1 to 10,000 of each;
         * default 200. All others are {@code other}.
         */
        public Builder maxNames(int maxNames) {
            this.maxNames = maxNames;
            return this;
        }

        /** Throws {@link IllegalArgumentException} naming the option, its bound and the value. */
        public AnymqObservation build() {
            BoundedNames.requireMost(maxNames);
            return new AnymqObservation(this);
        }
    }
}
