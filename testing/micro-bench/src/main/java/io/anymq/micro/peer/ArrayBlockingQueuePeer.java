package io.anymq.micro.peer;

import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The JDK's bounded queue between two threads; each element holds the future that tells the sender it was handled. */
final class ArrayBlockingQueuePeer implements Peer {
    private static final int CAPACITY = 1_000;

    private static final class Element {
        final byte[] body;
        final CompletableFuture<Boolean> handled = new CompletableFuture<>();

        Element(byte[] body) {
            this.body = body;
        }
    }

    private static final Element END = new Element(new byte[0]);

    private final ArrayBlockingQueue<Element> queue = new ArrayBlockingQueue<>(CAPACITY);
    private @Nullable Thread taker;

    @Override
    public void open(Consumer<byte[]> handler) {
        Thread thread = new Thread(() -> take(handler), "peer-taker");
        taker = thread;
        thread.start();
    }

    private void take(Consumer<byte[]> handler) {
        try {
            for (Element element = queue.take(); element != END; element = queue.take()) {
                handler.accept(element.body);
                element.handled.complete(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletableFuture<Boolean> send(String key, byte[] body) throws InterruptedException {
        Element element = new Element(body);
        queue.put(element);
        return element.handled;
    }

    @Override
    public void close() throws InterruptedException {
        queue.put(END);
        Objects.requireNonNull(taker, "call open first").join(10_000);
    }
}
