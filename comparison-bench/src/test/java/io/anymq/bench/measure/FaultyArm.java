package io.anymq.bench.measure;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.ArmContext;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An arm without a broker that breaks a promise now and then. */
final class FaultyArm implements Arm {
    enum Fault {
        NONE,
        LOSE,
        REORDER,
        REPEAT,
        DAMAGE
    }

    private static final int EVERY = 50;

    private final Fault fault;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private PayloadHandler handler = payload -> {};
    private byte[] heldBack;
    private int sent;

    FaultyArm(Fault fault) {
        this.fault = fault;
    }

    @Override
    public void open(ArmContext context) {}

    @Override
    public void subscribe(PayloadHandler handler) {
        this.handler = handler;
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) {
        boolean due = ++sent % EVERY == 0;
        if (heldBack != null) {
            byte[] late = heldBack;
            heldBack = null;
            deliver(payload);
            deliver(late);
        } else if (due && fault == Fault.REORDER) {
            heldBack = payload;
        } else if (due && fault == Fault.DAMAGE) {
            byte[] damaged = payload.clone();
            damaged[Payload.HEADER_BYTES + 2] ^= 1;
            deliver(damaged);
        } else if (!due || fault != Fault.LOSE) {
            deliver(payload);
            if (due && fault == Fault.REPEAT) {
                deliver(payload);
            }
        }
        completion.ended(null);
    }

    private void deliver(byte[] payload) {
        thread.execute(() -> handler.handle(payload));
    }

    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        thread.awaitTermination(10, TimeUnit.SECONDS);
    }
}
