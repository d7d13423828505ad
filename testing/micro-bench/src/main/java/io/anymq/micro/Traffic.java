package io.anymq.micro;

import io.anymq.micro.peer.Peer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends bursts through a peer and keeps the books: a burst ends when each of its messages was handled, or with an error
 * when one is lost, comes twice, overtakes one of its key or is not confirmed. The same for every peer, so that what it
 * costs cancels out. One thread sends; {@link #handle} may be called by many.
 */
final class Traffic {
    /** Messages in a burst. */
    static final int BURST = 20_000;

    /** Messages sent and not yet handled, at most. */
    static final int WINDOW = 1_000;

    static final int BODY_BYTES = 1_024;

    private static final int KEYS = 1_000;
    /** The room at which a waiting sender continues: waking up for each message would measure the waking. */
    private static final int REFILL = WINDOW / 4;

    private static final int BURST_AT = 0;
    private static final int NUMBER_AT = 4;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final boolean ordered;
    private final long patienceNanos;
    private final String[] keys = new String[KEYS];
    private final int[] keyOf = new int[BURST];
    private final byte[] template = new byte[BODY_BYTES];

    private final @Nullable CompletableFuture<?>[] confirms = new CompletableFuture<?>[WINDOW];
    private final byte[] arrivals = new byte[BURST];
    private final int[] lastOfKey = new int[KEYS];
    private final AtomicInteger handled = new AtomicInteger();
    private int sent;
    private int burst;
    /** The number of handled messages at which the waiting sender continues. */
    private volatile int target;

    private volatile @Nullable Thread waiting;
    private volatile @Nullable String flaw;

    /** {@code ordered}: messages of a key must not overtake each other; {@code patience}: without any progress. */
    Traffic(boolean ordered, Duration patience) {
        this.ordered = ordered;
        this.patienceNanos = patience.toNanos();
        Arrays.setAll(keys, index -> "key-" + index);
        Random random = new Random(1);
        Arrays.setAll(keyOf, number -> random.nextInt(KEYS));
        random.nextBytes(template);
    }

    /** Sends {@link #BURST} messages, at most {@link #WINDOW} of them in flight, and returns when all are handled. */
    void burst(Peer peer) throws Exception {
        begin();
        for (int number = 0; number < BURST; number++) {
            if (number - handled.get() >= WINDOW) {
                awaitHandled(number - WINDOW + REFILL);
            }
            checkConfirm(number % WINDOW);
            byte[] body = template.clone();
            INT.set(body, BURST_AT, burst);
            INT.set(body, NUMBER_AT, number);
            sent = number + 1;
            confirms[number % WINDOW] = peer.send(keys[keyOf[number]], body);
        }
        awaitHandled(BURST);
        for (int slot = 0; slot < WINDOW; slot++) {
            checkConfirm(slot);
        }
        check();
    }

    private void begin() {
        Arrays.fill(arrivals, (byte) 0);
        Arrays.fill(lastOfKey, -1);
        sent = 0;
        handled.set(0);
        burst++;
    }

    /** Called by a peer with each message. */
    void handle(byte[] body) {
        int number = (int) INT.get(body, NUMBER_AT);
        if (body.length != BODY_BYTES || (int) INT.get(body, BURST_AT) != burst) {
            flaw = "a message was repeated or damaged";
            return;
        }
        arrivals[number]++;
        if (ordered) {
            int key = keyOf[number];
            if (lastOfKey[key] >= number) {
                flaw = "message " + number + " was handled after a later one of its key";
            }
            lastOfKey[key] = number;
        }
        handled.incrementAndGet();
        Thread sender = waiting;
        if (sender != null && handled.get() >= target) {
            LockSupport.unpark(sender);
        }
    }

    private void awaitHandled(int count) {
        target = count;
        waiting = Thread.currentThread();
        try {
            int seen = handled.get();
            long deadline = System.nanoTime() + patienceNanos;
            while (seen < count) {
                LockSupport.parkNanos(this, 10_000_000L);
                int now = handled.get();
                if (now > seen) {
                    deadline = System.nanoTime() + patienceNanos;
                } else if (System.nanoTime() - deadline >= 0) {
                    throw new IllegalStateException(sent - now + " of " + sent + " messages did not arrive");
                }
                seen = now;
            }
        } finally {
            waiting = null;
        }
    }

    /** The message that used the slot before was handled, so its confirm is there or about to be. */
    private void checkConfirm(int slot) {
        CompletableFuture<?> confirm = confirms[slot];
        if (confirm != null) {
            confirms[slot] = null;
            confirm.join();
        }
    }

    private void check() {
        String found = flaw;
        if (found != null) {
            throw new IllegalStateException(found);
        }
        for (int number = 0; number < BURST; number++) {
            if (arrivals[number] != 1) {
                throw new IllegalStateException("message " + number + " arrived " + arrivals[number] + " times");
            }
        }
    }
}
