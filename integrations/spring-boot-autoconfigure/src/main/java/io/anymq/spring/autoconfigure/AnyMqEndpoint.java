package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.Source;
import io.anymq.Topic;
import io.anymq.spring.AnyMqListenerContainer;
import io.anymq.spring.AnyMqListenerRegistry;
import io.anymq.spring.client.ManagedClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/anymq}: listeners and producers with the keys that are parked and blocked; pause, resume, start and
 * stop of a listener; redrive of a dead-letter queue. Thread-safe. Shows keys, of each list at most 100, and no body.
 */
@Endpoint(id = "anymq")
@API(API.Status.EVOLVING)
public final class AnyMqEndpoint {
    private static final int MAX_KEYS = 100;
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration REDRIVE_TIMEOUT = Duration.ofSeconds(20);

    private final MessagingClient client;
    private final AnyMqListenerRegistry registry;

    /** For this client and these listeners. */
    public AnyMqEndpoint(MessagingClient client, AnyMqListenerRegistry registry) {
        this.client = client;
        this.registry = registry;
    }

    /** What one can do with a listener. */
    public enum Action {
        /** Starts no more handlers. */
        PAUSE,
        /** Goes on after a pause; with a key, frees that parked key only. */
        RESUME,
        /** Starts it. */
        START,
        /** Stops it after its running handlers. */
        STOP
    }

    /**
     * The whole picture.
     *
     * @param broker the client's health
     * @param listeners all listeners
     * @param producers those that the client has made
     */
    public record Overview(
            HealthDescriptor broker, List<ListenerDescriptor> listeners, List<ProducerDescriptor> producers) {}

    /**
     * A health.
     *
     * @param status UP, DEGRADED or DOWN
     * @param detail one sentence
     */
    public record HealthDescriptor(String status, String detail) {
        static HealthDescriptor of(Health health) {
            return new HealthDescriptor(health.status().name(), health.detail());
        }
    }

    /**
     * Some keys.
     *
     * @param count how many there are
     * @param first the first 100 of them
     */
    public record Keys(int count, List<String> first) {
        static Keys of(Collection<String> keys) {
            return new Keys(keys.size(), keys.stream().sorted().limit(MAX_KEYS).toList());
        }
    }

    /**
     * A listener.
     *
     * @param id its name
     * @param source the queue, or topic/subscription
     * @param state its state
     * @param paused whether it is paused
     * @param inFlight messages taken from the broker and not settled
     * @param parkedKeys keys whose messages go straight to the dead letter
     * @param health its health
     */
    public record ListenerDescriptor(
            String id,
            String source,
            String state,
            boolean paused,
            int inFlight,
            Keys parkedKeys,
            HealthDescriptor health) {
        static ListenerDescriptor of(AnyMqListenerContainer listener) {
            Optional<Consumer> consumer = listener.consumer();
            return new ListenerDescriptor(
                    listener.id(),
                    listener.source().path(),
                    listener.state().name(),
                    listener.isPaused(),
                    consumer.map(Consumer::inFlight).orElse(0),
                    Keys.of(consumer.map(Consumer::parkedKeys).orElse(Set.of())),
                    HealthDescriptor.of(listener.health()));
        }
    }

    /**
     * A producer.
     *
     * @param destination the queue or topic
     * @param inFlight sends without a confirm
     * @param blockedKeys keys whose last send failed
     */
    public record ProducerDescriptor(String destination, int inFlight, Keys blockedKeys) {
        static ProducerDescriptor of(Producer<?> producer) {
            return new ProducerDescriptor(
                    producer.destination().toString(), producer.inFlight(), Keys.of(producer.blockedKeys()));
        }
    }

    /**
     * Why something was not done.
     *
     * @param error what is wrong and how to cure it
     */
    public record Refusal(String error) {}

    /**
     * The result of a redrive.
     *
     * @param finished false if it goes on in the background; the counts are 0 then
     * @param redriven messages that are back at their origin
     * @param left messages that stay in the dead-letter queue
     * @param failures the first error of each origin
     */
    public record Redriven(boolean finished, int redriven, int left, Map<String, String> failures) {}

    /** All of it. */
    @ReadOperation
    public Overview overview() {
        List<ProducerDescriptor> producers = client instanceof ManagedClient managed
                ? managed.producers().stream().map(ProducerDescriptor::of).toList()
                : List.of();
        return new Overview(
                HealthDescriptor.of(client.health(HEALTH_TIMEOUT)),
                registry.listeners().stream().map(ListenerDescriptor::of).toList(),
                producers);
    }

    /** One listener; 404 if there is none of this id. */
    @ReadOperation
    public @Nullable ListenerDescriptor listener(@Selector String id) {
        return registry.listener(id).map(ListenerDescriptor::of).orElse(null);
    }

    /**
     * Does something with a listener.
     *
     * @param id its name
     * @param action what to do
     * @param key with RESUME, a parked key to free
     * @return a {@link ListenerDescriptor} as it is then; 404 or 400 with a {@link Refusal}
     */
    @WriteOperation
    public WebEndpointResponse<Object> change(@Selector String id, Action action, @Nullable String key) {
        AnyMqListenerContainer listener = registry.listener(id).orElse(null);
        if (listener == null) {
            return refuse(WebEndpointResponse.STATUS_NOT_FOUND, "there is no listener of this id");
        }
        if (key != null && action != Action.RESUME) {
            return refuse(WebEndpointResponse.STATUS_BAD_REQUEST, "a key can only be resumed");
        }
        try {
            switch (action) {
                case PAUSE -> listener.pause();
                case RESUME -> {
                    if (key == null) {
                        listener.resume();
                    } else if (listener.consumer().isPresent()) {
                        listener.consumer().get().resumeKey(key);
                    } else {
                        return refuse(
                                WebEndpointResponse.STATUS_BAD_REQUEST,
                                "the listener does not run, so no key of it can be resumed");
                    }
                }
                case START -> listener.start();
                case STOP -> listener.stop();
            }
        } catch (MessagingException e) {
            return refuse(WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR, String.valueOf(e.getMessage()));
        }
        return new WebEndpointResponse<>(ListenerDescriptor.of(listener));
    }

    /**
     * Sends the messages of a dead-letter queue back to where they failed. Waits at most 20 s for the end.
     *
     * @param queue the dead-letter queue
     * @param maxMessages the most messages to send back; default 10,000
     * @param origins where letters may go back to, as {@code queue} or {@code topic/subscription}, for a dead-letter
     *     queue that a policy names; default those whose dead letters go there by default
     * @return {@link Redriven}; 400 or 500 with a {@link Refusal}
     */
    @WriteOperation
    public WebEndpointResponse<Object> redrive(
            String queue, @Nullable Integer maxMessages, @Nullable List<String> origins) {
        CompletableFuture<RedriveReport> redrive;
        try {
            RedriveOptions.Builder options = RedriveOptions.builder();
            if (maxMessages != null) {
                options.maxMessages(maxMessages);
            }
            if (origins != null) {
                options.origins(origins.stream().map(this::source).toList());
            }
            redrive = client.redrive(Queue.of(queue), options.build());
        } catch (IllegalArgumentException | MessagingException e) {
            return refuse(WebEndpointResponse.STATUS_BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        try {
            RedriveReport report = redrive.copy()
                    .completeOnTimeout(null, REDRIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            if (report == null) {
                return new WebEndpointResponse<>(new Redriven(false, 0, 0, Map.of()));
            }
            Map<String, String> failures = new TreeMap<>();
            report.failures().forEach((origin, failure) -> failures.put(origin.path(), failure.getMessage()));
            int left = report.loopGuarded() + report.foreign() + report.failed() + report.failedAgain();
            return new WebEndpointResponse<>(new Redriven(true, report.redriven(), left, failures));
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            boolean missing = cause instanceof MessagingException messaging && messaging.code() == ErrorCode.NOT_FOUND;
            return refuse(
                    missing ? WebEndpointResponse.STATUS_BAD_REQUEST : WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR,
                    String.valueOf(cause.getMessage()));
        }
    }

    /** As the listener of this path declares it, or else a queue or subscription with per-key order. */
    private Source source(String path) {
        for (AnyMqListenerContainer listener : registry.listeners()) {
            if (listener.source().path().equals(path)) {
                return listener.source();
            }
        }
        int slash = path.indexOf('/');
        return slash < 0 ? Queue.of(path) : Topic.of(path.substring(0, slash)).subscription(path.substring(slash + 1));
    }

    /** With a body, since Spring Boot shows no messages of exceptions. */
    private static WebEndpointResponse<Object> refuse(int status, String error) {
        return new WebEndpointResponse<>(new Refusal(error), status);
    }
}
