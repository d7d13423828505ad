package io.anymq.bench.theory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.Queue;
import io.anymq.bench.arm.Arm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vendor's client in a broker's crash. One that connects anew by itself is left to it; with another one this does what an
 * application has to: a failure opens a new one, again and again until that works.
 */
final class PlainParty implements Failover.Party {
    private static final Logger LOG = LoggerFactory.getLogger(PlainParty.class);
    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final String CONSUMER = "plain";

    private final Stage stage;
    private final Queue queue;
    private final Failover.Tally tally;
    private final ExecutorService closer = Executors.newSingleThreadExecutor();
    private volatile @Nullable Arm arm;
    private volatile boolean broken;

    /** Sends that have not ended, and when they began. */
    private final Map<Integer, Long> pending = new ConcurrentHashMap<>();

    PlainParty(Stage stage, Queue queue, Failover.Tally tally) throws Exception {
        this.stage = stage;
        this.queue = queue;
        this.tally = tally;
        stage.chronicle().reads(queue);
        arm = open();
    }

    private Arm open() throws Exception {
        Arm opened = stage.plainArm();
        try {
            opened.open(stage.context().at(queue.name()));
            opened.subscribe(this::handle);
            return opened;
        } catch (Exception e) {
            bury(opened);
            throw e;
        }
    }

    private void handle(byte[] body) {
        String text = new String(body, UTF_8);
        int number = Integer.parseInt(text);
        stage.chronicle().handling(CONSUMER, queue, text, 1, Failover.key(number), text);
        tally.handle(number);
        stage.chronicle().handled(CONSUMER, queue, text, 1, true);
    }

    /** In its own time: its connections are dead, and waiting for them would hold up the new ones. */
    private void bury(Arm old) {
        closer.execute(() -> {
            try {
                old.close();
            } catch (Exception e) {
                LOG.debug("a plain client whose broker was killed did not close in good order", e);
            }
        });
    }

    @Override
    public void send(int number) {
        if (broken && !reopen()) {
            return;
        }
        Arm current = Objects.requireNonNull(arm);
        String text = String.valueOf(number);
        long begin = System.nanoTime();
        pending.put(number, begin);
        stage.sending();
        stage.chronicle().sending(queue, text, Failover.key(number), text);
        try {
            current.send(Failover.key(number), text.getBytes(UTF_8), failure -> ended(current, number, failure));
        } catch (Exception e) {
            ended(current, number, e);
        }
    }

    private void ended(Arm by, int number, @Nullable Throwable failure) {
        Long begin = pending.remove(number);
        if (begin == null) {
            return;
        }
        stage.sent(begin, failure);
        stage.chronicle().sent(queue, String.valueOf(number), failure);
        if (failure == null) {
            tally.confirmed.add(number);
        } else if (by == arm && !by.reconnects()) {
            broken = true;
        }
    }

    /** Nobody will tell any more how they ended. */
    private void giveUpPending(Arm dead) {
        IllegalStateException gone = new IllegalStateException("its client is gone");
        List.copyOf(pending.keySet()).forEach(number -> ended(dead, number, gone));
    }

    private boolean reopen() {
        Arm dead = arm;
        if (dead != null) {
            arm = null;
            giveUpPending(dead);
            bury(dead);
        }
        try {
            arm = open();
            broken = false;
            return true;
        } catch (Exception e) {
            LOG.debug("not back yet", e);
            Stage.work(AGAIN);
            return false;
        }
    }

    @Override
    public void close() {
        Arm last = arm;
        if (last != null) {
            giveUpPending(last);
            bury(last);
        }
        closer.shutdown();
        try {
            if (!closer.awaitTermination(15, TimeUnit.SECONDS)) {
                LOG.debug("plain clients whose broker was killed are still closing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
