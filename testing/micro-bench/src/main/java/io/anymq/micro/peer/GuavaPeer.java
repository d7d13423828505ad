package io.anymq.micro.peer;

import com.google.common.eventbus.AsyncEventBus;
import com.google.common.eventbus.Subscribe;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Guava's event bus, its subscriber on one thread of its own. */
final class GuavaPeer implements Peer {
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final AsyncEventBus bus = new AsyncEventBus("micro", executor);

    /** Found by the bus through its annotation. */
    private static final class Subscriber {
        private final Consumer<byte[]> handler;

        Subscriber(Consumer<byte[]> handler) {
            this.handler = handler;
        }

        @Subscribe
        @SuppressWarnings("unused") // called by the bus
        public void handle(byte[] body) {
            handler.accept(body);
        }
    }

    @Override
    public void open(Consumer<byte[]> handler) {
        bus.register(new Subscriber(handler));
    }

    @Override
    public @Nullable CompletableFuture<?> send(String key, byte[] body) {
        bus.post(body);
        return null;
    }

    @Override
    public void close() throws InterruptedException {
        executor.shutdown();
        if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the bus's thread did not stop");
        }
    }
}
