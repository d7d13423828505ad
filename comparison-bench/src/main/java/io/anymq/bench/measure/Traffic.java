package io.anymq.bench.measure;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.Policy;
import io.anymq.bench.stats.Keys;
import io.anymq.bench.stats.Pace;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The messages of one run: makes and sends them, takes them back, and keeps the ledger and the histograms. */
final class Traffic implements Arm.PayloadHandler {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Duration QUIET = Duration.ofMillis(100);

    final Ledger ledger;
    private final Window window;
    private final Arm arm;
    private final Payload payload;
    private final String[] keys;
    private final Keys draw;
    private final boolean poison;
    private final long handlerMillis;
    final ThreadHistograms latency = new ThreadHistograms();
    final ThreadHistograms confirm = new ThreadHistograms();
    private final LongAdder poisoned = new LongAdder();
    private final LongAdder buried = new LongAdder();
    private final LongAdder hotNanos = new LongAdder();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile long from = Long.MAX_VALUE;
    private volatile long to = Long.MAX_VALUE;

    Traffic(RunSpec spec, Arm arm, int windowSize, long handlerMillis) {
        this.arm = arm;
        this.handlerMillis = handlerMillis;
        boolean ordered = spec.context().policy() != Policy.UNORDERED;
        Load.Mix mix = spec.load() instanceof Load.Policed policed ? policed.mix() : Load.Mix.UNIFORM;
        poison = mix == Load.Mix.POISON;
        ledger = new Ledger(spec.keys(), ordered);
        window = new Window(ledger, windowSize);
        SplittableRandom random = new SplittableRandom(spec.seed());
        payload = new Payload(random.nextLong(), spec.payloadBytes(), spec.seed());
        draw = new Keys(random, spec.keys(), mix == Load.Mix.ZIPF);
        keys = new String[spec.keys()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "key-" + i;
        }
    }

    /** Messages intended from now on are measured. */
    void measureFrom(long nanoTime) {
        from = nanoTime;
    }

    /** Messages intended from now on are not measured any more. */
    void measureTo(long nanoTime) {
        to = nanoTime;
    }

    /** Waits for room in the closed window; false if none came. */
    boolean awaitRoom() {
        return window.await();
    }

    /** Sends one message; an exception ends the run. */
    void send(long intendedNanos) throws Exception {
        int key = draw.next();
        long sequence = ledger.send();
        long sentNanos = System.nanoTime();
        byte[] body = payload.create(key, sequence, Math.min(intendedNanos, sentNanos));
        if (isPoison(key, sequence)) {
            poisoned.increment();
        }
        arm.send(keys[key], body, error -> {
            if (error == null) {
                if (isMeasured(intendedNanos)) {
                    confirm.record(System.nanoTime() - sentNanos);
                }
                ledger.confirmed(sequence);
            } else {
                failure.compareAndSet(null, error);
                ledger.failed();
            }
            window.progressed();
        });
    }

    @Override
    public void handle(byte[] body) {
        if (!payload.isOurs(body)) {
            ledger.foreign();
            return;
        }
        long now = System.nanoTime();
        int key = Payload.key(body);
        long sequence = Payload.sequence(body);
        if (isPoison(key, sequence)) {
            throw new PoisonException();
        }
        if (!ledger.begin(key, sequence)) {
            return;
        }
        long intended = Payload.intendedNanos(body);
        if (isMeasured(intended) && !isSick(key)) {
            latency.record(now - intended);
        }
        if (handlerMillis > 0) {
            Pace.pause(Duration.ofMillis(handlerMillis));
        }
        if (key == 0 && now - from >= 0 && from != Long.MAX_VALUE && to == Long.MAX_VALUE) {
            hotNanos.add(System.nanoTime() - now);
        }
        ledger.end(key);
        window.progressed();
    }

    @Override
    public void buried(byte[] body) {
        if (!payload.isOurs(body)) {
            ledger.foreign();
            return;
        }
        buried.increment();
        ledger.buried(Payload.sequence(body));
        window.progressed();
    }

    /** Whether poison may hold this key up: the last tenth of the keys, in each of which one message in ten is poison. */
    private boolean isSick(int key) {
        return poison && key >= keys.length - keys.length / 10;
    }

    private boolean isPoison(int key, long sequence) {
        return isSick(key) && sequence % 10 == 5;
    }

    /** A handler that cannot handle this. */
    private static final class PoisonException extends RuntimeException {
        private static final long serialVersionUID = 1;

        PoisonException() {
            super("poison", null, false, false);
        }
    }

    /** Messages sent that fail whenever they are handled. */
    long poisoned() {
        return poisoned.sum();
    }

    /** Messages that came out of the dead-letter queue. */
    long buriedSoFar() {
        return buried.sum();
    }

    /** How long the handler of the first key was busy within the measured time. */
    long hotNanos() {
        return hotNanos.sum();
    }

    private boolean isMeasured(long intendedNanos) {
        return intendedNanos - from >= 0 && from != Long.MAX_VALUE && (to == Long.MAX_VALUE || intendedNanos - to < 0);
    }

    /** Waits until everything confirmed was handled, or until nothing has moved for 10 s; then for stragglers. */
    void drain() {
        long last = -1;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!settled() && System.nanoTime() - deadline < 0) {
            long moved = ledger.endedSoFar() + ledger.handledSoFar();
            if (moved != last) {
                last = moved;
                deadline = System.nanoTime() + PATIENCE_NANOS;
            }
            Pace.pause(Duration.ofMillis(2));
        }
        Pace.pause(QUIET);
    }

    private boolean settled() {
        return ledger.endedSoFar() >= ledger.sentSoFar()
                && ledger.handledSoFar() >= ledger.confirmedSoFar()
                && ledger.balance().lost() == 0;
    }

    @Nullable
    Throwable firstFailure() {
        return failure.get();
    }
}
