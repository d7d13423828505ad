package io.anymq.tck;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.history.Event;
import io.anymq.history.HistoryRecorder;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.RetryPolicy;
import io.anymq.tck.wrap.WrappingAdapter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The consumer that {@link CrashConsumerMain} runs; also for harnesses that run it inside their own JVM. Thread-safe.
 */
public final class CrashConsumer {
    /** The time a killed consumer's claims hold. */
    static final Duration LEASE = Duration.ofSeconds(2);

    private final CrashSpec spec;
    private final java.util.function.Consumer<String> out;
    private final @Nullable CrashGate gate;
    private final @Nullable HistoryRecorder history;
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final MessagingClient client;
    private final Consumer consumer;

    private CrashConsumer(CrashSpec spec, java.util.function.Consumer<String> out) {
        this.spec = spec;
        this.out = out;
        this.gate = spec.stop() == null ? null : new CrashGate(spec.stop(), out);
        this.history = spec.isRecorded()
                ? HistoryRecorder.toLines(
                        spec.name(), System::nanoTime, entry -> out.accept(CrashConsumerLog.historyLine(entry)))
                : null;
        this.client = open();
        ConsumerBuilder<String> builder = client.consumer(spec.queue(), String.class);
        if (gate != null) {
            builder = builder.retry(stepwise());
            if (spec.store() != null) {
                builder = builder.idempotency(policy(gate.around(new FileStore(spec.store()))));
            }
        }
        this.consumer = builder.start(this::handle);
    }

    /** Starts consuming and reports what happens as lines to {@code out}, for {@link CrashConsumerLog#accept}. */
    public static CrashConsumer start(CrashSpec spec, java.util.function.Consumer<String> out) {
        return new CrashConsumer(spec, out);
    }

    /** Gives up only on permanent failures. */
    static RetryPolicy stepwise() {
        return RetryPolicy.fixed(4, RetryRules.SHORT).toBuilder()
                .permanentOn(RetryRules.Pointless.class)
                .build();
    }

    /** Recognizes handled messages by this store. */
    static IdempotencyPolicy policy(io.anymq.policy.IdempotencyStore store) {
        return IdempotencyPolicy.builder(store).lease(LEASE).build();
    }

    private MessagingClient open() {
        CrashGate interceptor = gate;
        String url = interceptor == null
                ? spec.url()
                : WrappingAdapter.register(spec.url(), spec.settings(), interceptor::around);
        MessagingClient.Builder builder = MessagingClient.builder().url(url).observer(new MessagingObserver() {
            @Override
            public void settled(MessagingEvent.Settled event) {
                record(new Event.Settled(event.source().path(), spec.name(), event.messageId()));
                out.accept(CrashConsumerLog.settledLine(event.messageId()));
            }

            @Override
            public void deadLettered(MessagingEvent.DeadLettered event) {
                int made = attempts.getOrDefault(event.messageId(), 0);
                record(new Event.DeadLettered(
                        event.source().path(),
                        spec.name(),
                        event.messageId(),
                        made,
                        event.reason().name()));
            }

            @Override
            public void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
                record(new Event.DuplicateSkipped(event.source().path(), spec.name(), event.messageId()));
            }
        });
        if (interceptor != null) {
            builder = builder.interceptor(interceptor);
        }
        spec.settings().forEach(builder::set);
        return builder.open();
    }

    private void record(Event event) {
        if (history != null) {
            history.record(event);
        }
    }

    private void handle(Delivery<String> delivery) throws Exception {
        boolean succeeded = false;
        attempts.put(delivery.id(), delivery.attempt());
        record(new Event.HandlerStarted(
                delivery.source().path(),
                spec.name(),
                delivery.id(),
                delivery.attempt(),
                RuleHistory.content(delivery.key(), delivery.body(), delivery.headers())));
        try {
            work(delivery);
            succeeded = true;
        } finally {
            record(new Event.HandlerEnded(
                    delivery.source().path(), spec.name(), delivery.id(), delivery.attempt(), succeeded));
        }
    }

    private void work(Delivery<String> delivery) throws Exception {
        int call = calls.incrementAndGet();
        out.accept(CrashConsumerLog.startedLine(delivery.id()));
        if (gate != null) {
            gate.reached(CrashPoint.IN_HANDLER, delivery.id());
            if (gate.fails(delivery.id())) {
                throw new RetryRules.Pointless("dead-lettered on purpose");
            }
        }
        if (call > spec.completes()) {
            new CountDownLatch(1).await();
        }
        if (spec.output() != null) {
            delivery.publish(spec.output(), Message.of(delivery.body()).withId("out-" + delivery.id()));
        }
    }

    /** Messages it has received and not settled. */
    public int inFlight() {
        return consumer.inFlight();
    }

    /**
     * Ends it inside its JVM, as good as that can be done; nothing that it still does may reach the broker, from which
     * it must be cut off already.
     */
    public void abandon() {
        if (gate != null) {
            gate.abandon();
        }
        client.close();
    }
}
