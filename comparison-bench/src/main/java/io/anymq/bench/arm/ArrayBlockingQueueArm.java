package io.anymq.bench.arm;

import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * No broker at all: the JDK's bounded queue, each element a message with the future of its confirm. A reference for the
 * embedded broker, since it has no vendor's client to be compared with. One taker keeps the order, and does so more
 * cheaply than a lane per key; nothing is retried, dead-lettered or delayed.
 */
public final class ArrayBlockingQueueArm implements Arm {
    /** The body holds the key; the future is what a sender waits on. */
    private static final class Element {
        final byte[] payload;
        final CompletableFuture<Boolean> confirmed = new CompletableFuture<>();

        Element(byte[] payload) {
            this.payload = payload;
        }
    }

    private @Nullable ArrayBlockingQueue<Element> queue;
    private @Nullable Thread taker;
    private volatile boolean closing;

    @Override
    public void open(ArmContext context) {
        queue = new ArrayBlockingQueue<>(context.maxInFlight());
    }

    @Override
    public void subscribe(PayloadHandler handler) {
        ArrayBlockingQueue<Element> source = Objects.requireNonNull(queue, "open comes first");
        Thread thread = new Thread(() -> take(source, handler), "reference-taker");
        taker = thread;
        thread.start();
    }

    private void take(ArrayBlockingQueue<Element> source, PayloadHandler handler) {
        try {
            while (true) {
                Element element = source.poll(50, TimeUnit.MILLISECONDS);
                if (element != null) {
                    handler.handle(element.payload);
                    element.confirmed.complete(true);
                } else if (closing) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) throws InterruptedException {
        Element element = new Element(payload);
        var unused = element.confirmed.whenComplete((done, failure) -> completion.ended(failure));
        Objects.requireNonNull(queue, "open comes first").put(element);
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        if (taker != null) {
            taker.join(10_000);
        }
    }
}
