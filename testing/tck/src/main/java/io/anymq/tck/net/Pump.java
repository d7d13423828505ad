package io.anymq.tck.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Carries the bytes of one connection one way. One thread reads and one writes, so that latency does not cost
 * throughput; between them there is room for a few chunks, then the sender notices that the reader does not keep up.
 */
final class Pump {
    private static final int CHUNKS = 64;
    private static final int CHUNK_BYTES = 16 << 10;

    private enum Kind {
        BYTES,
        /** The sender has said that no more will come. */
        END,
        /** The connection broke. */
        BREAK
    }

    private static final class Chunk {
        final Kind kind;
        final byte[] bytes;
        final long readAt = System.nanoTime();

        Chunk(Kind kind, byte[] bytes) {
            this.kind = kind;
            this.bytes = bytes;
        }
    }

    private final BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(CHUNKS);
    private final Link link;
    private final Direction direction;
    private final Socket from;
    private final Socket to;
    private final Passage passage;
    private final Rewriter rewriter;

    Pump(Link link, Direction direction, Passage passage, Rewriter rewriter) {
        this.link = link;
        this.direction = direction;
        this.from = link.sender(direction);
        this.to = link.receiver(direction);
        this.passage = passage;
        this.rewriter = rewriter;
    }

    void start(String name) {
        link.start(this::read, name + "-read");
        link.start(this::write, name + "-write");
    }

    private void read() throws InterruptedException {
        byte[] buffer = new byte[CHUNK_BYTES];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                chunks.put(new Chunk(Kind.BYTES, Arrays.copyOf(buffer, count)));
            }
            chunks.put(new Chunk(Kind.END, new byte[0]));
        } catch (IOException e) {
            chunks.put(new Chunk(Kind.BREAK, new byte[0]));
        }
    }

    private void write() throws InterruptedException {
        boolean complete = true;
        while (true) {
            Chunk chunk = chunks.take();
            complete &= passage.await(chunk.readAt) && !link.isSilent(direction);
            if (!complete) {
                // Bytes after a gap would be meaningless.
                link.hasLost();
            } else if (link.isHalfOpen()) {
                if (chunk.kind != Kind.BYTES && link.isLeft(from)) {
                    link.close(true);
                    return;
                }
            } else if (!forward(chunk)) {
                return;
            }
        }
    }

    /** Whether more may follow. */
    private boolean forward(Chunk chunk) {
        try {
            if (chunk.kind == Kind.BREAK) {
                link.reset();
                return false;
            }
            OutputStream out = to.getOutputStream();
            if (chunk.kind == Kind.END) {
                out.write(rewriter.rest());
                to.shutdownOutput();
                link.hasEnded();
                return false;
            }
            out.write(rewriter.rewrite(chunk.bytes));
            return true;
        } catch (IOException e) {
            link.reset();
            return false;
        }
    }
}
