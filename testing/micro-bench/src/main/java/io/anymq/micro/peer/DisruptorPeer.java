package io.anymq.micro.peer;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The Disruptor's ring with one producer and one handler, which waits by blocking as all peers here do. */
final class DisruptorPeer implements Peer {
    private static final int CAPACITY = 1_024;

    private static final class Slot {
        byte[] body = {};
    }

    private final Disruptor<Slot> disruptor = new Disruptor<>(
            Slot::new, CAPACITY, DaemonThreadFactory.INSTANCE, ProducerType.SINGLE, new BlockingWaitStrategy());
    private @Nullable RingBuffer<Slot> ring;

    @Override
    public void open(Consumer<byte[]> handler) {
        disruptor.handleEventsWith((slot, sequence, endOfBatch) -> handler.accept(slot.body));
        ring = disruptor.start();
    }

    @Override
    public @Nullable CompletableFuture<?> send(String key, byte[] body) {
        RingBuffer<Slot> started = Objects.requireNonNull(ring, "call open first");
        long sequence = started.next();
        try {
            started.get(sequence).body = body;
        } finally {
            started.publish(sequence);
        }
        return null;
    }

    @Override
    public void close() throws Exception {
        disruptor.shutdown(10, TimeUnit.SECONDS);
    }
}
