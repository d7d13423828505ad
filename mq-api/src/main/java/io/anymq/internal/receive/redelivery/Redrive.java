package io.anymq.internal.receive.redelivery;

import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.Health;
import io.anymq.Interceptor;
import io.anymq.LetterResult;
import io.anymq.LetterResult.Outcome;
import io.anymq.LetterTask;
import io.anymq.Message;
import io.anymq.MessagingEvent.LetterDiscarded;
import io.anymq.MessagingEvent.LettersHandled;
import io.anymq.MessagingEvent.Redriven;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.SendException;
import io.anymq.Source;
import io.anymq.internal.config.ClientConfig;
import io.anymq.internal.receive.policy.DeadLetterHeaders;
import io.anymq.internal.receive.policy.Task;
import io.anymq.internal.send.InterceptedForward;
import io.anymq.internal.send.Senders;
import io.anymq.internal.support.CallbackQueue;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.IdGenerator;
import io.anymq.internal.support.Nanos;
import io.anymq.internal.support.Threads;
import io.anymq.internal.support.WarningLog;
import io.anymq.policy.FlowControl;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.Capability;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings dead letters back to where they failed, or elsewhere, or removes them for good. Each that is sent is confirmed
 * there before it leaves the dead-letter queue, so a crash in between makes a duplicate and never a loss.
 */
public final class Redrive implements LaneListener, LetterTask {
    private static final Logger log = LoggerFactory.getLogger(Redrive.class);
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final int WINDOW = 100;
    private static final int LEAST_IN_FLIGHT = 10_000;

    private final EngineContext engine;
    private final ClientConfig config;
    private final Queue deadLetter;
    private final boolean discard;
    /** The number of times each message has come back, this time included; it may fail again during the redrive. */
    private final Map<String, Long> moved = new HashMap<>();

    private final String id;
    private final RedriveOptions options;
    private final Origins origins;
    private final LetterEdit edit;
    private final WarningLog warnings;
    private final WarningLog listenerFailures;
    private final CallbackQueue callbacks;
    /** The keys of origins of which a letter could not be sent: what follows it must not overtake it. */
    private final Set<String> held = new HashSet<>();

    private final LetterCounts counts = new LetterCounts();
    private final Removals<Letter> removals = new Removals<>();
    private final Set<Lane> gone = new HashSet<>();
    private final CompletableFuture<RedriveReport> result = new CompletableFuture<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Pace pace;
    private int taken;

    /** {@code discard}: letters are removed instead of sent. */
    public Redrive(
            EngineContext engine,
            ClientConfig config,
            Senders senders,
            Queue deadLetter,
            RedriveOptions options,
            boolean discard) {
        this.engine = engine;
        this.config = config;
        this.deadLetter = deadLetter;
        this.discard = discard;
        IdGenerator ids = new IdGenerator(engine.random());
        this.id = ids.next();
        this.options = options;
        this.edit = new LetterEdit(options.edit().orElse(null), ids, engine.time());
        this.pace = new Pace(options.rate());
        this.warnings = new WarningLog(log, engine.time(), "failures of interceptors around redrives");
        this.listenerFailures = new WarningLog(log, engine.time(), "failures of listeners to redrives");
        this.callbacks = engine.callbacks().queue("the interceptors of redrives");
        this.origins = new Origins(
                engine,
                senders,
                deadLetter,
                options.to().map(to -> Set.<Source>of(to)).orElse(options.origins()));
    }

    private String action() {
        return discard ? "discard" : options.edit().isPresent() ? "edit" : "redrive";
    }

    /** Runs on a thread of its own; {@code onEnd} is called there at the end, however it ends. Called once. */
    public LetterTask start(Runnable onEnd) {
        Threads.single("redrive-" + deadLetter.name(), () -> {
                    Throwable failure = null;
                    try {
                        run();
                    } catch (Throwable e) {
                        failure = e;
                        removals.unsure().forEach(letter -> tell(letter, Outcome.MAY_REMAIN, null));
                    }
                    tellEnd(failure);
                    onEnd.run();
                    ended.countDown();
                    if (failure == null) {
                        result.complete(counts.report());
                    } else {
                        result.completeExceptionally(failure);
                    }
                })
                .start();
        return this;
    }

    @Override
    public RedriveReport progress() {
        return counts.report();
    }

    /** It takes no more messages; the client closes, or the operator says so. */
    @Override
    public void cancel() {
        stopping.countDown();
    }

    @Override
    public CompletableFuture<RedriveReport> report() {
        return result.copy();
    }

    /** Waits until it has left the broker. */
    public void awaitEnd(Duration timeout) {
        try {
            if (!ended.await(Nanos.of(timeout), TimeUnit.NANOSECONDS)) {
                log.warn(
                        "The {} of {} did not finish within its time limit; the rest stays in the"
                                + " dead-letter queue",
                        action(),
                        deadLetter);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean stopped() {
        return stopping.getCount() == 0;
    }

    private boolean isFull() {
        return taken >= options.maxMessages();
    }

    private void run() throws InterruptedException {
        Address.OfQueue address = engine.addresses().of(deadLetter);
        // a misspelt name is an error and creates no queue
        engine.connection().provision(address, Origins.creatingNothing(engine.provisionMode()));
        log.info(
                "{} of {} by {}{}: {}, at most {}",
                options.isDryRun() ? "Dry run of a " + action() : "A " + action(),
                deadLetter,
                options.operator().isEmpty() ? "an operator without a name" : Escape.forLog(options.operator()),
                options.reason().isEmpty() ? "" : " (" + Escape.forLog(options.reason()) + ")",
                options.filter(),
                options.maxMessages());
        if (options.isDryRun() && engine.capabilities().has(Capability.BROWSE)) {
            look();
        } else {
            work(address);
        }
        if (stopped()) {
            counts.cancelled();
        }
    }

    /** The dry run of a broker whose messages can be looked at disturbs none of them. */
    private void look() {
        try (LetterBrowser browser = LetterBrowser.open(engine, deadLetter, new LetterBrowser.Open())) {
            List<? extends InboundMessage> page = browser.next();
            while (!page.isEmpty() && !stopped() && !isFull()) {
                move(page, null);
                page = browser.next();
            }
        }
    }

    private void work(Address address) throws InterruptedException {
        BrokerReceiver receiver = engine.connection()
                .openReceiver(
                        address,
                        new ReceiverOptions(
                                engine.clientName() + "-redrive-" + deadLetter.name(),
                                mostInFlight(),
                                FlowControl.DEFAULT.maxInFlightBytes(),
                                config.drainTimeout()),
                        this);
        try {
            long idle = Nanos.of(options.idle());
            long lastMessage = System.nanoTime();
            while (!stopped() && !isFull() && System.nanoTime() - lastMessage < idle) {
                int room = Math.min(pace.most(WINDOW), options.maxMessages() - taken);
                List<? extends InboundMessage> messages = receiver.receive(room, WAIT);
                if (!messages.isEmpty()) {
                    pace.spend(move(messages, receiver));
                    while (pace.isAhead() && !stopping.await(pace.rest(WAIT), TimeUnit.NANOSECONDS)) {
                        // keeps its membership alive
                        receiver.receive(0, Duration.ZERO);
                    }
                    lastMessage = System.nanoTime();
                }
            }
            if (!stopped() && !isFull() && receiver.isStalled()) {
                throw new MessagingException(
                        ErrorCode.FULL,
                        "the letters of " + deadLetter + " that stay are as many as the broker gives out without an"
                                + " acknowledgement, so those behind them were not seen; raise the adapter's prefetch, or"
                                + " act on the letters that stay first");
            }
        } finally {
            // unacknowledged messages go back to their old place
            close(receiver);
        }
        requireAnswer();
    }

    /** Those that a filter leaves out are in flight as well. */
    private int mostInFlight() {
        return options.filter().isAll() ? options.maxMessages() : Math.max(options.maxMessages(), LEAST_IN_FLIGHT);
    }

    /** A receiver may wait for a broker that is away without a word; then nothing was certainly removed. */
    private void requireAnswer() {
        Duration timeout = config.connection().operationTimeout();
        if (!stopped() && engine.connection().probe(timeout).status() == Health.Status.DOWN) {
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    "the broker does not answer, so the last letters of " + deadLetter
                            + " may not have been removed; run it again when the broker is back",
                    true,
                    null);
        }
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

    /** A letter that matches, and where it is to go; that is null for a discard of a foreign letter. */
    private record Letter(
            InboundMessage message,
            @Nullable Source target,
            long redrives,
            @Nullable Message<byte[]> edited) {
        /** Letters with one of these keep their order; null for one without a key. */
        @Nullable
        String order() {
            String key = edited == null ? message.key() : edited.key();
            return key == null || target == null ? null : target.path() + '\n' + key;
        }

        @Nullable
        String editedId() {
            return edited == null ? null : edited.id();
        }
    }

    private record Sent(Letter letter, CompletableFuture<Receipt> confirm) {}

    /** Acts on those that match and says how many there were; without a receiver it only looks. */
    private int move(List<? extends InboundMessage> messages, @Nullable BrokerReceiver receiver) {
        List<Letter> waiting = new ArrayList<>(messages.size());
        int matching = 0;
        for (InboundMessage message : messages) {
            if (!isFull() && matches(message)) {
                matching++;
                taken++;
                Letter letter = judged(message);
                if (letter != null) {
                    waiting.add(letter);
                }
            }
        }
        if (options.isDryRun()) {
            waiting.forEach(this::wouldMove);
            return matching;
        }
        List<Letter> done = new ArrayList<>(waiting.size());
        if (receiver != null) {
            keepThoseInFullLanes(waiting, receiver);
            if (discard) {
                done.addAll(waiting);
            }
            while (!discard && !waiting.isEmpty()) {
                waiting = moveFirstOfEachKey(waiting, done);
            }
            remove(done, receiver);
        }
        return matching;
    }

    private boolean matches(InboundMessage message) {
        return options.filter().isAll() || options.filter().test(new StoredLetter(message));
    }

    /** Null if it stays, which is told. */
    private @Nullable Letter judged(InboundMessage message) {
        Source origin = DeadLetterHeaders.origin(message.headers());
        Source target = options.to().isPresent() ? options.to().get() : origin;
        long redrives = Task.headerNumber(message.headers(), WireHeaders.REDRIVES);
        Letter letter = new Letter(message, discard ? origin : target, redrives + 1, null);
        if (discard) {
            return letter;
        }
        Long before = moved.get(message.id());
        if (before != null && redrives >= before) {
            // this redrive has moved it already, and it failed again, perhaps after another redrive moved it, too
            tell(letter, Outcome.FAILED_AGAIN, null);
        } else if (target == null) {
            tell(letter, Outcome.FOREIGN, null);
        } else if (redrives >= options.maxRedrives()) {
            tell(letter, Outcome.LOOP_GUARDED, null);
        } else {
            try {
                return new Letter(message, target, redrives + 1, edit.apply(message));
            } catch (MessagingException e) {
                stays(letter, e);
            }
        }
        return null;
    }

    private void wouldMove(Letter letter) {
        Source target = letter.target();
        String order = letter.order();
        MessagingException problem = discard || target == null ? null : origins.problem(target);
        if (order != null && held.contains(order)) {
            tell(letter, Outcome.BEHIND, null);
        } else if (problem != null) {
            stays(letter, problem);
        } else {
            tell(letter, discard ? Outcome.DISCARDED : Outcome.REDRIVEN, null);
        }
    }

    /** What would be forgotten to be removed must not be sent. */
    private void keepThoseInFullLanes(List<Letter> waiting, BrokerReceiver receiver) {
        Map<Lane, Boolean> room = new HashMap<>();
        waiting.removeIf(letter -> {
            boolean kept = !room.computeIfAbsent(letter.message().lane(), receiver::remembersGaps);
            if (kept) {
                stays(
                        letter,
                        new MessagingException(
                                ErrorCode.FULL,
                                "the broker remembers no more single removals behind letters that stay; act on the older"
                                        + " letters of this queue first, for example without a filter"));
            }
            return kept;
        });
    }

    /** One of each key at a time: if it fails, those behind it stay behind it. Returns what still waits. */
    private List<Letter> moveFirstOfEachKey(List<Letter> waiting, List<Letter> done) {
        List<Letter> later = new ArrayList<>();
        List<Sent> inTurn = new ArrayList<>();
        Set<String> inOrder = new HashSet<>();
        for (Letter one : waiting) {
            String order = one.order();
            if (order != null && held.contains(order)) {
                tell(one, Outcome.BEHIND, null);
            } else if (order == null || inOrder.add(order)) {
                inTurn.add(new Sent(one, sendOrFail(one)));
            } else {
                later.add(one);
            }
        }
        for (Sent sent : inTurn) {
            Letter one = sent.letter();
            try {
                sent.confirm().join();
                moved.put(one.message().id(), one.redrives());
                done.add(one);
            } catch (CompletionException e) {
                Throwable cause = e.getCause();
                stays(one, cause == null ? e : cause);
            }
        }
        return later;
    }

    private void remove(List<Letter> done, BrokerReceiver receiver) {
        List<InboundMessage> owned = new ArrayList<>(done.size());
        for (Letter letter : done) {
            tellDone(letter);
            if (gone.contains(letter.message().lane())) {
                tell(letter, Outcome.MAY_REMAIN, null);
            } else {
                owned.add(letter.message());
                removals.begin(letter.message().lane(), letter);
            }
        }
        receiver.acknowledge(owned);
    }

    private void stays(Letter one, Throwable cause) {
        MessagingException failure = cause instanceof MessagingException known
                ? known
                : new MessagingException(ErrorCode.INTERNAL, "the redrive failed: " + cause, true, cause);
        boolean uncertain = failure instanceof SendException send && send.outcome() == SendException.Outcome.UNKNOWN;
        String order = one.order();
        if (order != null) {
            held.add(order);
        }
        tell(one, uncertain ? Outcome.UNCERTAIN : Outcome.FAILED, failure);
        Source target = one.target();
        if (target != null && counts.failed(target, failure)) {
            log.warn(
                    "Could not {} {} from {} to {}: {}; it stays in the dead-letter queue",
                    action(),
                    Escape.forLog(one.message().id()),
                    deadLetter,
                    target,
                    failure.toString());
        }
    }

    private record Result(
            String messageId,
            @Nullable String key,
            Optional<Source> target,
            Outcome outcome,
            Optional<String> editedId,
            Optional<MessagingException> failure)
            implements LetterResult {}

    private void tell(Letter letter, Outcome outcome, @Nullable MessagingException failure) {
        counts.count(outcome);
        options.onLetter().ifPresent(listener -> {
            try {
                listener.accept(new Result(
                        letter.message().id(),
                        letter.message().key(),
                        Optional.ofNullable(letter.target()),
                        outcome,
                        Optional.ofNullable(letter.editedId()),
                        Optional.ofNullable(failure)));
            } catch (Throwable e) {
                listenerFailures.warn("A listener to a redrive failed; the redrive goes on", Failures.printable(e));
            }
        });
    }

    private void tellDone(Letter one) {
        tell(one, discard ? Outcome.DISCARDED : Outcome.REDRIVEN, null);
        if (!engine.observers().any()) {
            return;
        }
        InboundMessage message = one.message();
        Source target = one.target();
        if (discard) {
            engine.observers()
                    .tell(
                            MessagingObserver::letterDiscarded,
                            new LetterDiscarded(deadLetter, target, message.id(), message.key()));
        } else if (target != null) {
            engine.observers()
                    .tell(
                            MessagingObserver::redriven,
                            new Redriven(deadLetter, target, message.id(), message.key(), one.redrives()));
        }
    }

    private void tellEnd(@Nullable Throwable failure) {
        RedriveReport report = counts.report();
        log.info(
                "The {}{} of {} {}: {} redriven, {} discarded, {} stay, {} may remain",
                options.isDryRun() ? "dry run of a " : "",
                action(),
                deadLetter,
                failure != null ? "failed" : report.cancelled() ? "was cancelled" : "has ended",
                report.redriven(),
                report.discarded(),
                report.loopGuarded() + report.foreign() + report.failed() + report.failedAgain(),
                report.mayRemain());
        if (engine.observers().any() && !options.isDryRun()) {
            engine.observers()
                    .tell(
                            MessagingObserver::lettersHandled,
                            new LettersHandled(
                                    deadLetter, action(), options.operator(), options.reason(), report, failure));
        }
    }

    private CompletableFuture<Receipt> sendOrFail(Letter one) {
        Source target = one.target();
        if (target == null) {
            throw new IllegalStateException("a letter without a target");
        }
        try {
            return InterceptedForward.send(
                    engine.interceptors(),
                    warnings,
                    callbacks,
                    (interceptor, chain) -> interceptor.aroundRedrive(new Context(one, target), chain),
                    added -> send(one, target, added));
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Receipt> send(Letter one, Source target, Map<String, String> added) {
        Map<String, String> headers =
                DeadLetterHeaders.withoutLast(one.message().headers(), one.redrives(), id);
        headers.putAll(added);
        return origins.send(edit.encoded(one.message(), one.edited(), headers), target);
    }

    private final class Context implements Interceptor.RedriveContext {
        private final Letter one;
        private final Source target;

        Context(Letter one, Source target) {
            this.one = one;
            this.target = target;
        }

        @Override
        public Queue deadLetter() {
            return deadLetter;
        }

        @Override
        public Source origin() {
            return target;
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
        removals.certain(lanes);
    }

    @Override
    public void lanesLost(Collection<Lane> lanes) {
        gone.addAll(lanes);
        removals.unsure(lanes).forEach(letter -> tell(letter, Outcome.MAY_REMAIN, null));
    }
}
