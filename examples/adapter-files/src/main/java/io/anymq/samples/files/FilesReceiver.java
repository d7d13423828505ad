package io.anymq.samples.files;

import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.support.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Reads the lanes that it owns, and sees to it that all receivers of a source own equally many. */
final class FilesReceiver implements PausableReceiver {
    private static final long BETWEEN_SAVES_NANOS = Duration.ofMillis(100).toNanos();
    private static final long BETWEEN_LOOKS_NANOS = Duration.ofMillis(200).toNanos();

    private final String what;
    private final Path messages;
    private final Path reader;
    private final int laneCount;
    private final LaneListener listener;
    private final long pollNanos;
    private final Members members;
    private final List<FilesLane> lanes = new ArrayList<>();
    private final Thread thread = Thread.currentThread();
    private long lastLook = System.nanoTime() - BETWEEN_LOOKS_NANOS;
    private long lastSave = System.nanoTime();
    private int turn;
    private boolean closed;
    private volatile boolean woken;

    FilesReceiver(String what, Path messages, Path reader, int laneCount, LaneListener listener, Duration pollInterval)
            throws IOException {
        this.what = what;
        this.messages = messages;
        this.reader = reader;
        this.laneCount = laneCount;
        this.listener = listener;
        this.pollNanos = pollInterval.toNanos();
        this.members = new Members(reader);
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        try {
            Deadline deadline = Deadline.after(wait);
            while (true) {
                saveNowAndThen();
                share();
                List<FilesMessage> taken = take(max);
                if (!taken.isEmpty() || max == 0 || woken || deadline.passed() || thread.isInterrupted()) {
                    woken = false;
                    return taken;
                }
                LockSupport.parkNanos(this, Math.min(pollNanos, deadline.left().toNanos()));
            }
        } catch (IOException e) {
            throw FilesTranslator.error("receiving from " + what, e);
        }
    }

    private List<FilesMessage> take(int max) throws IOException {
        List<FilesMessage> taken = new ArrayList<>();
        int owned = lanes.size();
        turn = owned == 0 ? 0 : (turn + 1) % owned;
        for (int i = 0; i < owned && taken.size() < max; i++) {
            FilesLane lane = lanes.get((turn + i) % owned);
            if (!lane.paused) {
                int left = max - taken.size();
                // each lane gets its part, so that a long one starves no other
                lane.take(i == owned - 1 ? left : Math.max(1, left / (owned - i)), taken);
            }
        }
        return taken;
    }

    // ---- lanes

    private void share() throws IOException {
        if (System.nanoTime() - lastLook < BETWEEN_LOOKS_NANOS) {
            return;
        }
        lastLook = System.nanoTime();
        int alive = members.count();
        int share = (laneCount + alive - 1) / alive;
        if (lanes.size() > share) {
            surrender(List.copyOf(lanes.subList(share, lanes.size())));
        }
        for (int index = 0; index < laneCount && lanes.size() < share; index++) {
            FilesLane lane = FilesLane.tryOwn(index, messages, reader);
            if (lane != null) {
                lanes.add(lane);
            }
        }
    }

    private void surrender(List<FilesLane> leaving) throws IOException {
        listener.lanesRevoked(leaving.stream().map(lane -> lane.token).toList());
        lanes.removeAll(leaving);
        for (FilesLane lane : leaving) {
            lane.giveUp();
        }
    }

    @Override
    public void pause(Lane lane) {
        setPaused(lane, true);
    }

    @Override
    public void resume(Lane lane) {
        setPaused(lane, false);
    }

    private void setPaused(Lane token, boolean paused) {
        for (FilesLane lane : lanes) {
            if (lane.token == token) {
                lane.paused = paused;
            }
        }
    }

    // ---- settling

    @Override
    public void acknowledge(List<? extends InboundMessage> done) {
        for (InboundMessage each : done) {
            FilesMessage message = (FilesMessage) each;
            if (message.owner.isOwned()) {
                message.owner.acknowledge(message);
            }
        }
    }

    private void saveNowAndThen() throws IOException {
        if (System.nanoTime() - lastSave < BETWEEN_SAVES_NANOS) {
            return;
        }
        lastSave = System.nanoTime();
        for (FilesLane lane : lanes) {
            lane.save();
        }
    }

    // ---- the rest

    @Override
    public void wakeup() {
        woken = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void close(Duration timeout) {
        if (closed) {
            return;
        }
        closed = true;
        List<FilesLane> left = List.copyOf(lanes);
        lanes.clear();
        for (FilesLane lane : left) {
            try {
                lane.giveUp();
            } catch (IOException e) {
                FilesConnection.LOG.warn("the last settlements of {} were lost: {}", lane.token, e.toString());
            }
        }
        try {
            members.close();
        } catch (IOException e) {
            FilesConnection.LOG.debug("left behind in {}", reader, e);
        }
    }
}
