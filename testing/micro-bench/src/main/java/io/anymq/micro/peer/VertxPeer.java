package io.anymq.micro.peer;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.file.FileSystemOptions;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Vert.x' event bus without a cluster: the handler runs on an event loop. */
final class VertxPeer implements Peer {
    private static final String ADDRESS = "micro";

    private @Nullable Vertx vertx;
    private @Nullable MessageProducer<byte[]> producer;

    @Override
    public void open(Consumer<byte[]> handler) throws Exception {
        Vertx opened = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        vertx = opened;
        MessageConsumer<byte[]> consumer =
                opened.eventBus().<byte[]>localConsumer(ADDRESS, message -> handler.accept(message.body()));
        consumer.completion().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        producer = opened.eventBus().sender(ADDRESS);
    }

    @Override
    public @Nullable CompletableFuture<?> send(String key, byte[] body) {
        Objects.requireNonNull(producer, "call open first").write(body);
        return null;
    }

    @Override
    public void close() throws Exception {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
