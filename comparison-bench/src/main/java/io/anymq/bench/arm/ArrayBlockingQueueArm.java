package io.anymq.bench.arm;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * No broker at all: the JDK's bounded queue, each element a message with the future of its confirm. A reference for the
 * embedded broker, since it has no vendor's client to be compared with. One taker keeps the order, and does so more
 * cheaply than a lane per key; nothing is retried, dead-lettered or delayed.
 */
public final class ArrayBlockingQueueArm implements Arm {
    /** The body holds the key; the future is what a sender waits on. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Element(byte[] payload, CompletableFuture<Boolean> confirmed) {}

    private ArrayBlockingQueue<Element> queue = new ArrayBlockingQueue<>(1);
    private Thread taker = new Thread();
    private volatile boolean closing;

    @Override
    public void open(ArmContext context) {
        queue = new ArrayBlockingQueue<>(context.maxInFlight());
    }

    @Override
    public void subscribe(PayloadHandler handler) {
        taker = new Thread(() -> take(handler), "reference-taker");
        taker.start();
    }

    private void take(PayloadHandler handler) {
        try {
            while (!closing || !queue.isEmpty()) {
                Element element = queue.poll(50, TimeUnit.MILLISECONDS);
                if (element != null) {
                    handler.handle(element.payload);
                    element.confirmed.complete(true);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) throws InterruptedException {
        Element element = new Element(payload, new CompletableFuture<>());
        var unused = element.confirmed.whenComplete((done, failure) -> completion.ended(failure));
        queue.put(element);
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        taker.join(10_000);
    }
}
