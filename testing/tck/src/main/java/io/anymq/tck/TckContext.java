package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.Topic;
import io.anymq.history.Event;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a rule: unique names, clients that are closed after it, and bounded waiting. Made for one rule; used by
 * the rule's thread, except {@link #client()}, the names and the latches, which handlers may use too.
 */
final class TckContext extends TckWaits implements AutoCloseable {
    /** The time limit for closing a rule's resources. */
    private static final Duration CLOSING = Duration.ofSeconds(15);

    private static final String RUN = Long.toString(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36 * 36), 36);
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final BrokerHarness harness;
    private final Capabilities capabilities;
    private final HistoryScope scope;
    private final @Nullable RuleHistory history;
    private final String prefix;
    private final List<RecordingHandler<?>> recorders = new ArrayList<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<CountDownLatch> gates = new ArrayList<>();
    private final Set<Fault> injected = EnumSet.noneOf(Fault.class);
    private @Nullable MessagingClient client;

    TckContext(BrokerHarness harness, Capabilities capabilities, Rule rule) {
        this.harness = harness;
        this.capabilities = capabilities;
        this.scope = rule.history();
        this.history = scope == HistoryScope.NONE ? null : new RuleHistory();
        this.prefix = rule.id().toLowerCase(java.util.Locale.ROOT) + "-" + RUN + "-";
    }

    /** A unique portable name. */
    String name(String what) {
        return prefix + what + Long.toString(NUMBERS.incrementAndGet(), 36);
    }

    Queue queue() {
        return Queue.of(name("q"));
    }

    Topic topic() {
        return Topic.of(name("t"));
    }

    PlainClient plain() {
        return harness.plain();
    }

    BrokerHarness harness() {
        return harness;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    @Override
    Duration patience() {
        return harness.patience();
    }

    /** The rule's own client, opened on first use. */
    synchronized MessagingClient client() {
        if (client == null) {
            client = openClient();
        }
        return client;
    }

    /** One more client. */
    MessagingClient openClient() {
        return openClient(builder -> builder);
    }

    /** One more client with something special. */
    MessagingClient openClient(UnaryOperator<MessagingClient.Builder> special) {
        MessagingClient.Builder builder = special.apply(builder());
        MessagingClient opened = history == null
                ? builder.open()
                : new WatchedClient(builder.observer(history.observer()).open(), history);
        return closing(opened);
    }

    /** One more client, whose connections lead through the network that can be broken. */
    MessagingClient openNetworkClient() {
        return openNetworkClient(builder -> builder);
    }

    /** The same with something special. */
    MessagingClient openNetworkClient(UnaryOperator<MessagingClient.Builder> special) {
        return openClient(builder -> special.apply(builder.url(harness.networkUrl())));
    }

    /** A client whose traffic passes through {@code tap}. */
    MessagingClient openClient(io.anymq.tck.wrap.Tap tap) {
        return openClient(builder -> builder.url(tap.urlFor(harness.url(), harness.settings())));
    }

    /** A client configured by the harness. */
    MessagingClient.Builder builder() {
        MessagingClient.Builder builder = MessagingClient.builder().url(harness.url());
        for (Map.Entry<String, String> setting : harness.settings().entrySet()) {
            builder = builder.set(setting.getKey(), setting.getValue());
        }
        return builder;
    }

    /** Closes it at the end of the rule, in reverse order. */
    synchronized <C extends AutoCloseable> C closing(C closeable) {
        open.push(closeable);
        return closeable;
    }

    /** A text producer of the rule's own client. */
    Producer<String> producer(Destination destination) {
        return client().producer(destination, String.class);
    }

    synchronized <T> RecordingHandler<T> recorder() {
        RecordingHandler<T> recorder = new RecordingHandler<>();
        recorders.add(recorder);
        return recorder;
    }

    @Override
    synchronized String seen() {
        StringBuilder seen = new StringBuilder();
        for (RecordingHandler<?> recorder : recorders) {
            seen.append("\n      seen by a handler: ").append(recorder);
        }
        return seen.toString();
    }

    /** A gate for handlers to wait at; it opens at the end of the rule, so that a failure leaves no handler behind. */
    synchronized CountDownLatch gate() {
        CountDownLatch gate = new CountDownLatch(1);
        gates.add(gate);
        return gate;
    }

    /** Waits at a gate, not longer than a rule may take. */
    void pass(CountDownLatch gate) throws InterruptedException {
        if (!gate.await(patience().toMillis() * 3, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("a handler waited too long at a gate of its rule");
        }
    }

    /** Sends one after another without waiting between them, then waits until all are confirmed. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    final List<Receipt> send(Destination destination, Message<String>... messages) {
        return send(producer(destination), Arrays.asList(messages));
    }

    /** Sends bodies without keys and waits until all are confirmed. */
    List<Receipt> sendBodies(Destination destination, String... bodies) {
        return send(
                producer(destination), Arrays.stream(bodies).map(Message::of).toList());
    }

    /** Sends one after another without waiting between them, then waits until all are confirmed. */
    <T> List<Receipt> send(Producer<T> producer, List<Message<T>> messages) {
        List<CompletableFuture<Receipt>> sends = new ArrayList<>();
        for (Message<T> message : messages) {
            sends.add(producer.send(message));
        }
        return sends.stream().map(this::get).toList();
    }

    /** The result of a future that must end well and soon. */
    <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("must end well, but ended with " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("must end within " + patience() + ", but is still open", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a result", e);
        }
    }

    /** The error of a send that must fail, and soon. */
    SendException failure(CompletableFuture<?> send) {
        try {
            Object result = send.get(patience().toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("must fail, but ended with " + result);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SendException failure) {
                return failure;
            }
            throw new AssertionError("must fail as SendException, but failed with " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new AssertionError("must end within " + patience() + ", but is still open", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a result", e);
        }
    }

    /** The error of a call that must fail with this code. */
    MessagingException refused(ErrorCode code, ThrowingCallable call) {
        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
        assertThat(thrown).as("what must be refused as " + code).isInstanceOf(MessagingException.class);
        MessagingException refused = (MessagingException) thrown;
        assertThat(refused.code()).as("code of: " + refused.getMessage()).isEqualTo(code);
        assertThat(refused.getMessage()).as("message that says what to do").isNotBlank();
        return refused;
    }

    /** The longest time a send with the default options may take under any fault: SND-7 allows its time-out. */
    Duration sendPatience() {
        return client().producerOptions().sendTimeout().plus(patience());
    }

    /** Sends a message again and again until it is confirmed, with a producer that has the default options. */
    <T> void awaitConfirmed(Producer<T> producer, Message<T> message) {
        awaitAsserted(
                sendPatience().multipliedBy(2),
                () -> assertThat(producer.send(message).handle((receipt, failure) -> failure))
                        .succeedsWithin(sendPatience())
                        .isNull());
    }

    /** The messages of a queue without consumers, exactly so many. */
    List<PlainMessage> held(String queue, int expected) throws Exception {
        List<PlainMessage> held = plain().read(queue, expected, patience());
        assertThat(held).as("what the broker holds in " + queue).hasSize(expected);
        return held;
    }

    /**
     * The newest of the messages of a queue, so many as are not settled. A broker that keeps history may show the settled
     * ones, too, at most as many as given.
     */
    List<PlainMessage> held(String queue, int unsettled, int settled) throws Exception {
        if (!capabilities().has(Capability.START_EARLIEST)) {
            return held(queue, unsettled);
        }
        List<PlainMessage> all = plain().read(queue, unsettled, patience());
        assertThat(all).as("what the broker holds in " + queue).hasSizeBetween(unsettled, unsettled + settled);
        return all.subList(all.size() - unsettled, all.size());
    }

    /** Whether the harness can break this. */
    boolean canInject(Fault fault) {
        return harness.faults().contains(fault);
    }

    /** Checks the rule's history, if one was recorded; see {@link Rule#history()}. */
    void checkHistory() throws Exception {
        if (history != null) {
            history.check(scope, plain(), patience());
        }
    }

    private void record(Event event) {
        if (history != null) {
            history.record(event);
        }
    }

    /** Breaks something until {@link #heal} or the end of the rule. */
    void inject(Fault fault) throws Exception {
        record(new Event.FaultBegan(fault.name(), null));
        injected.add(fault);
        harness.inject(fault);
    }

    /** Repairs it. */
    void heal(Fault fault) throws Exception {
        if (injected.remove(fault)) {
            harness.heal(fault);
            record(new Event.FaultHealed(fault.name()));
        }
    }

    /** Starts a consumer that can be killed. */
    CrashableConsumer startCrashable(Queue queue, int completes) throws Exception {
        return startCrashable(CrashSpec.handling(harness.url(), harness.settings(), queue, completes));
    }

    /** Starts a consumer that can be killed, and takes so many messages at most before it settles some. */
    CrashableConsumer startCrashable(Queue queue, int completes, int window) throws Exception {
        Map<String, String> settings = new HashMap<>(harness.settings());
        settings.put("anymq.consumer.max-in-flight", Integer.toString(window));
        return startCrashable(CrashSpec.handling(harness.url(), settings, queue, completes));
    }

    /** Starts a consumer that can be killed and answers each message with one to {@code output}. */
    CrashableConsumer startCrashableStep(Queue queue, Queue output) throws Exception {
        return startCrashable(unlimited(queue).withOutput(output));
    }

    /** Starts such a consumer and waits until it is about to commit that message. */
    CrashableConsumer committing(Queue queue, Queue output, String messageId) throws Exception {
        CrashableConsumer crashing = startCrashable(
                unlimited(queue).withOutput(output).withStop(new CrashStop(CrashPoint.IN_COMMIT, messageId)));
        await("the consumer commits " + messageId, crashing::stopped);
        return crashing;
    }

    private CrashableConsumer startCrashable(CrashSpec spec) throws Exception {
        if (history == null) {
            return closing(harness.startCrashable(spec));
        }
        CrashSpec named = spec.withName(history.name("crashing"));
        history.record(new Event.ConsumerOpened(spec.queue().path(), named.name()));
        return history.watch(named, closing(harness.startCrashable(named)));
    }

    private CrashSpec unlimited(Queue queue) {
        return CrashSpec.handling(harness.url(), harness.settings(), queue, Integer.MAX_VALUE);
    }

    /**
     * Starts a consumer and waits until it stops there, to be killed; {@code store} is the folder of its store, if any.
     */
    CrashableConsumer stoppedAt(Queue queue, CrashStop stop, @Nullable Path store) throws Exception {
        CrashSpec spec = unlimited(queue).withStop(stop);
        CrashableConsumer crashing = startCrashable(store == null ? spec : spec.withStore(store));
        await("the consumer is at " + stop, crashing::stopped);
        return crashing;
    }

    @Override
    public void close() {
        List<Throwable> problems = java.util.Collections.synchronizedList(new ArrayList<>());
        for (Fault fault : Set.copyOf(injected)) {
            attempt(() -> heal(fault), problems);
        }
        gates.forEach(CountDownLatch::countDown);
        List<AutoCloseable> toClose;
        synchronized (this) {
            toClose = List.copyOf(open);
            open.clear();
        }
        CompletableFuture<Void> closed = CompletableFuture.runAsync(
                () -> toClose.forEach(closeable -> attempt(closeable::close, problems)),
                task -> new Thread(task, "tck-close").start());
        attempt(() -> closed.get(CLOSING.plus(patience()).toMillis(), TimeUnit.MILLISECONDS), problems);
        if (!problems.isEmpty()) {
            AssertionError problem = new AssertionError("after the rule: " + problems.get(0), problems.get(0));
            problems.stream().skip(1).forEach(problem::addSuppressed);
            throw problem;
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void attempt(Step step, List<Throwable> problems) {
        try {
            step.run();
        } catch (Exception | AssertionError e) {
            problems.add(e);
        }
    }
}
