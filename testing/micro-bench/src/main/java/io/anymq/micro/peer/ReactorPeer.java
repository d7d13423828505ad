package io.anymq.micro.peer;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

/** Reactor's sink for one subscriber, with a bounded queue, handled on another thread. */
final class ReactorPeer implements Peer {
    private static final int CAPACITY = 2_048;

    private final Scheduler scheduler = Schedulers.newSingle("peer-reactor");
    private final Sinks.Many<byte[]> sink = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<byte[]>get(CAPACITY).get());

    @Override
    public void open(Consumer<byte[]> handler) {
        var unused = sink.asFlux().publishOn(scheduler).subscribe(handler);
    }

    @Override
    public @Nullable CompletableFuture<?> send(String key, byte[] body) {
        sink.tryEmitNext(body).orThrow();
        return null;
    }

    @Override
    public void close() {
        sink.tryEmitComplete().orThrow();
        scheduler.dispose();
    }
}
