package io.anymq.bench.measure;

import io.anymq.bench.arm.Arm;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The messages of one run: makes and sends them, takes them back, and keeps the ledger and the histograms. */
final class Traffic {
    private static final int PRODUCER = 0;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long QUIET_MILLIS = 100;

    final Ledger ledger;
    private final Window window;
    private final Arm arm;
    private final long run;
    private final int payloadBytes;
    private final Payload payload;
    private final String[] keys;
    private final SplittableRandom random;
    private final long handlerMillis;
    private final ThreadHistograms latency = new ThreadHistograms();
    private final ThreadHistograms fromSend = new ThreadHistograms();
    private final ThreadHistograms confirm = new ThreadHistograms();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile long from = Long.MAX_VALUE;
    private volatile long to = Long.MAX_VALUE;

    Traffic(RunSpec spec, Arm arm, int windowSize, long handlerMillis) {
        this.arm = arm;
        this.handlerMillis = handlerMillis;
        ledger = new Ledger(spec.keys());
        window = new Window(ledger, windowSize);
        random = new SplittableRandom(spec.seed());
        run = random.nextLong();
        payloadBytes = spec.payloadBytes();
        payload = new Payload(run, PRODUCER, payloadBytes, spec.seed());
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
        send(intendedNanos, null);
    }

    /** As above; {@code onEnd} runs when the send has ended. */
    void send(long intendedNanos, @Nullable Runnable onEnd) throws Exception {
        int key = random.nextInt(keys.length);
        long sequence = ledger.send();
        long sentNanos = System.nanoTime();
        byte[] body = payload.create(key, sequence, Math.min(intendedNanos, sentNanos), sentNanos);
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
            if (onEnd != null) {
                onEnd.run();
            }
        });
    }

    /** The arm's handler. */
    void handle(byte[] body) {
        if (!Payload.belongsTo(body, run, payloadBytes)) {
            ledger.foreign();
            return;
        }
        long now = System.nanoTime();
        int key = Payload.key(body);
        if (!ledger.begin(key, Payload.sequence(body))) {
            return;
        }
        long intended = Payload.intendedNanos(body);
        if (isMeasured(intended)) {
            latency.record(now - intended);
            fromSend.record(now - Payload.sentNanos(body));
        }
        if (handlerMillis > 0) {
            Pace.millis(handlerMillis);
        }
        ledger.end(key);
        window.progressed();
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
            Pace.millis(2);
        }
        Pace.millis(QUIET_MILLIS);
    }

    private boolean settled() {
        return ledger.endedSoFar() >= ledger.sentSoFar()
                && ledger.handledSoFar() >= ledger.confirmedSoFar()
                && ledger.balance().lost() == 0;
    }

    Histogram latency() {
        return latency.merged();
    }

    Histogram fromSend() {
        return fromSend.merged();
    }

    Histogram confirm() {
        return confirm.merged();
    }

    @Nullable
    Throwable firstFailure() {
        return failure.get();
    }
}
