package io.anymq.tck.net;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection through a proxy: the client's half and the broker's half. Thread-safe. */
final class Link {
    private final Socket client;
    private final Socket broker;
    private final Consumer<Link> onClosed;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile @Nullable Socket left;
    private volatile @Nullable Direction silent;
    private volatile boolean lost;
    private boolean closed;

    Link(Socket client, Socket broker, Consumer<Link> onClosed) {
        this.client = client;
        this.broker = broker;
        this.onClosed = onClosed;
    }

    interface Task {
        void run() throws InterruptedException;
    }

    void start(Task task, String name) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Whose bytes go this way. */
    Socket sender(Direction direction) {
        return direction == Direction.TO_BROKER ? client : broker;
    }

    /** To whom they go. */
    Socket receiver(Direction direction) {
        return direction == Direction.TO_BROKER ? broker : client;
    }

    /** From now on nothing that goes this way arrives. */
    void silence(Direction direction) {
        silent = direction;
    }

    boolean isSilent(Direction direction) {
        return silent == direction;
    }

    boolean isHalfOpen() {
        return left != null;
    }

    /** Whether this is the half that was not told. */
    boolean isLeft(Socket half) {
        return half.equals(left);
    }

    /** Bytes were thrown away, after which the stream makes no sense any more. */
    void hasLost() {
        lost = true;
    }

    boolean isBeyondRepair() {
        return left != null || silent != null || lost;
    }

    /** One direction has come to its orderly end; after both, the connection has. */
    void hasEnded() {
        if (ended.incrementAndGet() == 2) {
            close(false);
        }
    }

    /** Breaks one half and leaves the other half open, silent, and swallowing. */
    void breakHalf(Direction towards) {
        left = towards == Direction.TO_BROKER ? client : broker;
        close(towards == Direction.TO_BROKER ? broker : client, true);
    }

    /** Breaks both halves as a router does that has lost its tables: the peers are told by RST. */
    void reset() {
        if (left == null) {
            close(true);
        }
    }

    void close(boolean reset) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        close(client, reset);
        close(broker, reset);
        threads.forEach(Thread::interrupt);
        onClosed.accept(this);
    }

    static void close(Socket socket, boolean reset) {
        try {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            // Already closed.
            return;
        }
    }
}
