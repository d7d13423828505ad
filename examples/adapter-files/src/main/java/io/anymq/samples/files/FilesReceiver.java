package io.anymq.samples.files;

import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.SharedLogReceiver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Reads its share of the lanes of a source. */
final class FilesReceiver extends SharedLogReceiver<FilesLane, FilesMessage> {
    private final Path messages;
    private final Path reader;
    private final long pollNanos;
    private final Thread thread = Thread.currentThread();
    private volatile boolean woken;

    FilesReceiver(Path messages, Path reader, int lanes, LaneListener listener, FilesConfig config) {
        super(listener, lanes, FileLocks.in(reader), config.operationTimeout());
        this.messages = messages;
        this.reader = reader;
        this.pollNanos = config.pollInterval().toNanos();
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        Deadline deadline = Deadline.after(wait);
        List<FilesMessage> taken = take(max);
        while (taken.isEmpty() && !woken && !deadline.passed() && !thread.isInterrupted()) {
            LockSupport.parkNanos(this, Math.min(pollNanos, deadline.left().toNanos()));
            taken = take(max);
        }
        woken = false;
        return taken;
    }

    private List<FilesMessage> take(int max) {
        upkeep();
        try {
            for (FilesLane lane : lanes().all()) {
                lane.fill();
            }
        } catch (IOException e) {
            throw FilesTranslator.error("receiving from " + reader, e);
        }
        List<FilesMessage> taken = new ArrayList<>();
        lanes().takeFlowing(taken, max);
        return taken;
    }

    @Override
    public void wakeup() {
        woken = true;
        LockSupport.unpark(thread);
    }

    @Override
    protected FilesLane own(int lane) {
        return FilesTranslator.get("taking over lane " + lane, () -> new FilesLane(messages, reader, lane));
    }

    @Override
    protected void save(Collection<FilesLane> lanes, Duration timeout) {
        IOException failure = null;
        for (FilesLane lane : lanes) {
            try {
                lane.save();
                lane.deleteDone();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw FilesTranslator.error("saving settlements of " + reader, failure);
        }
    }
}
