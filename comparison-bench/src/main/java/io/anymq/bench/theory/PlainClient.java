package io.anymq.bench.theory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.stats.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vendor's own client. If it reconnects by itself it is left alone; otherwise this does what an application must do: after a
 * failure it opens a new one, again and again until that works.
 */
final class PlainClient implements Client {
    private static final Logger LOG = LoggerFactory.getLogger(PlainClient.class);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Use use;
    /** Sends that have not ended, and when they began. */
    private final Map<Integer, Long> pending = new ConcurrentHashMap<>();

    private volatile @Nullable Arm arm;
    private volatile boolean broken;

    PlainClient(Use use) throws Exception {
        this.use = use;
        arm = open();
    }

    private Arm open() throws Exception {
        Arm opened = use.demo().settings.plainArm().get();
        try {
            opened.open(use.demo().settings.arm().at(use.queue().name()));
            return opened;
        } catch (Exception e) {
            DemoContext.closeLater(opened);
            throw e;
        }
    }

    @Override
    public void subscribe() throws Exception {
        Arm current = arm;
        if (current != null) {
            current.subscribe(body -> use.handled().accept(Integer.parseInt(new String(body, UTF_8))));
        }
    }

    @Override
    public void send(int number) {
        Arm current = broken ? reopened() : arm;
        if (current == null) {
            return;
        }
        pending.put(number, System.nanoTime());
        use.demo().sending();
        try {
            byte[] body = String.valueOf(number).getBytes(UTF_8);
            current.send(Client.key(number), body, failure -> ended(current, number, failure));
        } catch (Exception e) {
            ended(current, number, e);
        }
    }

    private void ended(Arm by, int number, @Nullable Throwable failure) {
        Long begin = pending.remove(number);
        if (begin == null) {
            return;
        }
        use.demo().sent(begin, failure);
        if (failure == null) {
            use.confirmed().accept(number);
        } else if (by == arm && !by.reconnects()) {
            broken = true;
        }
    }

    private @Nullable Arm reopened() {
        close();
        try {
            arm = open();
            subscribe();
            broken = false;
        } catch (Exception e) {
            LOG.debug("The broker is not back yet; trying again in {}", AGAIN, e);
            close();
            Pace.pause(AGAIN);
        }
        return arm;
    }

    /** Its pending sends will never be answered. */
    @Override
    public void close() {
        Arm dead = arm;
        arm = null;
        if (dead != null) {
            IllegalStateException gone = new IllegalStateException("the client was closed");
            List.copyOf(pending.keySet()).forEach(number -> ended(dead, number, gone));
            DemoContext.closeLater(dead);
        }
    }
}
