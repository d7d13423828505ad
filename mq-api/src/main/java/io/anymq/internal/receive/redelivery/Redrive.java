package io.anymq.internal.receive.redelivery;

import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.Interceptor;
import io.anymq.MessagingEvent.Redriven;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.Source;
import io.anymq.internal.config.ClientConfig;
import io.anymq.internal.receive.policy.DeadLetterHeaders;
import io.anymq.internal.receive.policy.Task;
import io.anymq.internal.send.InterceptedForward;
import io.anymq.internal.send.Senders;
import io.anymq.internal.support.CallbackQueue;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.IdGenerator;
import io.anymq.internal.support.Nanos;
import io.anymq.internal.support.Threads;
import io.anymq.internal.support.WarningLog;
import io.anymq.policy.FlowControl;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings dead letters back to where they failed. Each is confirmed there before it leaves the dead-letter queue, so a
 * crash in between makes a duplicate and never a loss.
 */
public final class Redrive implements LaneListener {
    private static final Logger log = LoggerFactory.getLogger(Redrive.class);
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final int WINDOW = 100;
    private static final int MAX_FAILURES = 100;

    private final EngineContext engine;
    private final ClientConfig config;
    private final Queue deadLetter;
    /** The number of times each message has come back, this time included; it may fail again during the redrive. */
    private final Map<String, Long> moved = new HashMap<>();

    private final String id;
    private final RedriveOptions options;
    private final Origins origins;
    private final WarningLog warnings;
    private final CallbackQueue callbacks;
    /** The keys of origins of which a letter could not be sent: what follows it must not overtake it. */
    private final Set<String> held = new HashSet<>();

    private final Map<Source, MessagingException> failures = new LinkedHashMap<>();
    private final Set<Lane> gone = new HashSet<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;
    private int redriven;
    private int guarded;
    private int foreign;
    private int failed;
    private int failedAgain;

    public Redrive(
            EngineContext engine, ClientConfig config, Senders senders, Queue deadLetter, RedriveOptions options) {
        this.engine = engine;
        this.config = config;
        this.deadLetter = deadLetter;
        this.id = new IdGenerator(engine.random()).next();
        this.options = options;
        this.warnings = new WarningLog(log, engine.time(), "failures of interceptors around redrives");
        this.callbacks = engine.callbacks().queue("the interceptors of redrives");
        this.origins = new Origins(engine, senders, deadLetter, options.origins());
    }

    /** Runs on a thread of its own; {@code onEnd} is called there at the end, however it ends. Called once. */
    public CompletableFuture<RedriveReport> start(Runnable onEnd) {
        CompletableFuture<RedriveReport> result = new CompletableFuture<>();
        Threads.single("redrive-" + deadLetter.name(), () -> {
                    RedriveReport report = null;
                    Throwable failure = null;
                    try {
                        report = run();
                    } catch (Throwable e) {
                        failure = e;
                    }
                    onEnd.run();
                    ended.countDown();
                    if (failure == null) {
                        result.complete(report);
                    } else {
                        result.completeExceptionally(failure);
                    }
                })
                .start();
        return result;
    }

    /** The client closes: it takes no more messages. */
    public void stop() {
        stopped = true;
    }

    /** Waits until it has left the broker. */
    public void awaitEnd(Duration timeout) {
        try {
            if (!ended.await(Nanos.of(timeout), TimeUnit.NANOSECONDS)) {
                log.warn(
                        "The redrive of {} did not finish within its time limit; the rest stays in the"
                                + " dead-letter queue",
                        deadLetter);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Report(
            int redriven,
            int loopGuarded,
            int foreign,
            int failed,
            int failedAgain,
            Map<Source, MessagingException> failures)
            implements RedriveReport {}

    /** A letter on its way back. */
    private record Returning(InboundMessage message, Source origin, long redrives) {
        /** Letters with one of these keep their order; null for one without a key. */
        @Nullable
        String order() {
            String key = message.key();
            return key == null ? null : origin.path() + '\n' + key;
        }
    }

    private record Sent(Returning letter, CompletableFuture<Receipt> confirm) {}

    private RedriveReport run() {
        Address address = engine.addresses().of(deadLetter);
        // a misspelt name is an error and creates no queue
        engine.connection().provision(address, Origins.creatingNothing(engine.provisionMode()));
        BrokerReceiver receiver = engine.connection()
                .openReceiver(
                        address,
                        new ReceiverOptions(
                                engine.clientName() + "-redrive-" + deadLetter.name(),
                                options.maxMessages(),
                                FlowControl.DEFAULT.maxInFlightBytes(),
                                config.drainTimeout()),
                        this);
        try {
            long idle = Nanos.of(options.idle());
            long lastMessage = System.nanoTime();
            int taken = 0;
            while (!stopped && taken < options.maxMessages() && System.nanoTime() - lastMessage < idle) {
                List<? extends InboundMessage> messages =
                        receiver.receive(Math.min(WINDOW, options.maxMessages() - taken), WAIT);
                if (!messages.isEmpty()) {
                    taken += messages.size();
                    move(receiver, messages);
                    lastMessage = System.nanoTime();
                }
            }
        } finally {
            // unacknowledged messages go back to their old place
            close(receiver);
        }
        return new Report(redriven, guarded, foreign, failed, failedAgain, Map.copyOf(failures));
    }

    private void close(BrokerReceiver receiver) {
        try {
            receiver.close(config.connection().operationTimeout());
        } catch (Throwable e) {
            log.warn(
                    "Could not close the receiver of {}: {}; its messages return when the broker notices",
                    deadLetter,
                    e.toString());
        }
    }

    private void move(BrokerReceiver receiver, List<? extends InboundMessage> messages) {
        List<Returning> waiting = new ArrayList<>(messages.size());
        for (InboundMessage message : messages) {
            Source origin = DeadLetterHeaders.origin(message.headers());
            long redrives = Task.headerNumber(message.headers(), WireHeaders.REDRIVES);
            Long before = moved.get(message.id());
            if (before != null && redrives >= before) {
                // this redrive has moved it already, and it failed again, perhaps after another redrive moved it, too
                failedAgain++;
            } else if (origin == null) {
                foreign++;
            } else if (redrives >= options.maxRedrives()) {
                guarded++;
            } else {
                waiting.add(new Returning(message, origin, redrives + 1));
            }
        }
        List<InboundMessage> confirmed = new ArrayList<>(waiting.size());
        while (!waiting.isEmpty()) {
            waiting = moveFirstOfEachKey(waiting, confirmed);
        }
        receiver.acknowledge(confirmed);
    }

    /** One of each key at a time: if it fails, those behind it stay behind it. Returns what still waits. */
    private List<Returning> moveFirstOfEachKey(List<Returning> waiting, List<InboundMessage> confirmed) {
        List<Returning> later = new ArrayList<>();
        List<Sent> inTurn = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Returning one : waiting) {
            String order = one.order();
            if (order != null && held.contains(order)) {
                failed++;
            } else if (order == null || taken.add(order)) {
                inTurn.add(new Sent(one, sendOrFail(one)));
            } else {
                later.add(one);
            }
        }
        for (Sent sent : inTurn) {
            Returning one = sent.letter();
            try {
                sent.confirm().join();
                moved.put(one.message().id(), one.redrives());
                if (!gone.contains(one.message().lane())) {
                    confirmed.add(one.message());
                }
                redriven++;
                tellRedriven(one);
            } catch (CompletionException e) {
                Throwable cause = e.getCause();
                stays(one, cause == null ? e : cause);
            }
        }
        return later;
    }

    private void stays(Returning one, Throwable cause) {
        failed++;
        String order = one.order();
        if (order != null) {
            held.add(order);
        }
        if (failures.containsKey(one.origin()) || failures.size() == MAX_FAILURES) {
            return;
        }
        MessagingException failure = cause instanceof MessagingException known
                ? known
                : new MessagingException(ErrorCode.INTERNAL, "the redrive failed: " + cause, true, cause);
        failures.put(one.origin(), failure);
        log.warn(
                "Could not redrive {} from {} to {}: {}; it stays in the dead-letter queue",
                Escape.forLog(one.message().id()),
                deadLetter,
                one.origin(),
                failure.toString());
    }

    private void tellRedriven(Returning one) {
        if (engine.observers().any()) {
            InboundMessage message = one.message();
            engine.observers()
                    .tell(
                            MessagingObserver::redriven,
                            new Redriven(deadLetter, one.origin(), message.id(), message.key(), one.redrives()));
        }
    }

    private CompletableFuture<Receipt> sendOrFail(Returning one) {
        try {
            return InterceptedForward.send(
                    engine.interceptors(),
                    warnings,
                    callbacks,
                    (interceptor, chain) -> interceptor.aroundRedrive(new Context(one), chain),
                    added -> send(one, added));
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Receipt> send(Returning one, Map<String, String> added) {
        Map<String, String> headers =
                DeadLetterHeaders.withoutLast(one.message().headers(), one.redrives(), id);
        headers.putAll(added);
        return origins.send(one.message(), one.origin(), headers);
    }

    private final class Context implements Interceptor.RedriveContext {
        private final Returning one;

        Context(Returning one) {
            this.one = one;
        }

        @Override
        public Queue deadLetter() {
            return deadLetter;
        }

        @Override
        public Source origin() {
            return one.origin();
        }

        @Override
        public String messageId() {
            return one.message().id();
        }

        @Override
        public @Nullable String key() {
            return one.message().key();
        }

        @Override
        public Map<String, String> headers() {
            return Task.withoutBookkeeping(one.message().headers());
        }

        @Override
        public long redrives() {
            return one.redrives();
        }
    }

    @Override
    public void lanesRevoked(Collection<Lane> lanes) {
        gone.addAll(lanes);
    }

    @Override
    public void lanesLost(Collection<Lane> lanes) {
        gone.addAll(lanes);
    }
}
