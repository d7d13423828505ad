package io.anymq.internal.send;

import io.anymq.Receipt;
import io.anymq.SendException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The future that the sender of a message holds: knows of a stage before it is added, so that it is completed on the
 * thread that brings the outcome only while nothing of the user's depends on it.
 *
 * <p>Owns whether it has stages and how many threads wait for it. Any thread may add either, without a lock:
 * {@code stages} moves on by compare-and-set, {@code waiters} is counted atomically.
 */
abstract class ReceiptFuture extends CompletableFuture<Receipt> {
    /** No stage depends on the future. */
    private static final byte BARE = 0;

    private static final byte STAGED = 1;
    private static final byte COMPLETING = 2;
    private static final byte COMPLETED = 3;
    /** How often to wait for a completion to be over; without a bound, one that comes here itself would wait for ever. */
    private static final int SPINS = 1_000;

    private static final VarHandle STAGES;
    private static final VarHandle WAITERS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STAGES = lookup.findVarHandle(ReceiptFuture.class, "stages", byte.class);
            WAITERS = lookup.findVarHandle(ReceiptFuture.class, "waiters", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Sending sending;

    private volatile byte stages;
    /** Threads that wait for the outcome: they count as dependents, but run nothing. */
    @SuppressWarnings("unused") // through WAITERS
    private volatile int waiters;

    ReceiptFuture(Sending sending) {
        this.sending = sending;
    }

    /** Completes it on this thread; false if a stage was added, whose turn has not come. */
    final boolean completeHere(@Nullable Receipt receipt, @Nullable SendException failure) {
        if (!STAGES.compareAndSet(this, BARE, COMPLETING)) {
            return false;
        }
        complete(receipt, failure);
        STAGES.setRelease(this, COMPLETED);
        return true;
    }

    /** Completes it on this thread with all its stages. */
    final void complete(@Nullable Receipt receipt, @Nullable SendException failure) {
        if (failure == null) {
            complete(receipt);
        } else {
            completeExceptionally(failure);
        }
    }

    /** Stages of {@link CompletableFuture#allOf} come without a call of {@link #newIncompleteFuture}. */
    final boolean isStaged() {
        return stages == STAGED || (sending.handsOut() && getNumberOfDependents() > waiters);
    }

    /** Called before a stage is added, which finds the future staged, or completed by a thread that is done with it. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        if (sending.handsOut() && stages == BARE) {
            STAGES.compareAndSet(this, BARE, STAGED);
        }
        for (int spins = 0; stages == COMPLETING && (spins < SPINS || !isDone()); spins++) {
            Thread.onSpinWait();
        }
        return new CompletableFuture<>();
    }

    private void beginWaiting() {
        WAITERS.getAndAdd(this, 1);
        sending.callbacks().passOnBeforeWaiting();
    }

    @Override
    public Receipt join() {
        if (isDone()) {
            return super.join();
        }
        beginWaiting();
        try {
            return super.join();
        } finally {
            WAITERS.getAndAdd(this, -1);
        }
    }

    @Override
    public Receipt get() throws InterruptedException, ExecutionException {
        if (isDone()) {
            return super.get();
        }
        beginWaiting();
        try {
            return super.get();
        } finally {
            WAITERS.getAndAdd(this, -1);
        }
    }

    @Override
    public Receipt get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (isDone()) {
            return super.get(timeout, unit);
        }
        beginWaiting();
        try {
            return super.get(timeout, unit);
        } finally {
            WAITERS.getAndAdd(this, -1);
        }
    }
}
