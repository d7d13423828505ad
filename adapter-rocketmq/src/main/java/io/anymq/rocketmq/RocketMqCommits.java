package io.anymq.rocketmq;

import io.anymq.rocketmq.protocol.Answer;
import io.anymq.rocketmq.protocol.Failure;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.spi.support.Cadence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Commits the contiguous prefix of each lane in the background, at most every 100 ms. One round is in progress at a
 * time, so an older commit cannot overtake a newer one. Used by the receiver's thread.
 */
final class RocketMqCommits {
    private final ProtocolClient client;
    private final String group;
    private final Duration timeout;
    private final Collection<RocketMqLane> lanes;
    private final AtomicInteger underWay = new AtomicInteger();
    private final ConcurrentLinkedQueue<RocketMqLane> failed = new ConcurrentLinkedQueue<>();

    private final Cadence cadence = new Cadence(Duration.ofMillis(100));

    /** {@code lanes} is a live view of those owned, {@code timeout} is for each request. */
    RocketMqCommits(ProtocolClient client, String group, Duration timeout, Collection<RocketMqLane> lanes) {
        this.client = client;
        this.group = group;
        this.timeout = timeout;
        this.lanes = lanes;
    }

    /** Something was acknowledged. */
    void moved() {
        cadence.request();
    }

    /** The longest permitted wait before the next commit. */
    long nanosUntilDue() {
        return Math.max(1_000_000, cadence.nanosUntilDue());
    }

    void sendIfDue() {
        for (RocketMqLane lane = failed.poll(); lane != null; lane = failed.poll()) {
            lane.committed = -1;
            cadence.request();
        }
        if (underWay.get() > 0 || !cadence.isDue()) {
            return;
        }
        cadence.restart();
        List<RocketMqLane> moved = new ArrayList<>();
        for (RocketMqLane lane : lanes) {
            if (lane.done() != lane.committed) {
                moved.add(lane);
            }
        }
        underWay.set(moved.size());
        moved.forEach(this::send);
    }

    private void send(RocketMqLane lane) {
        lane.committed = lane.done();
        client.broker(lane.queue(), timeout).commit(group, lane.queue(), lane.committed, new Answer<>() {
            @Override
            public void came(Long offset) {
                underWay.decrementAndGet();
            }

            @Override
            public void failed(Failure failure) {
                failed.add(lane);
                underWay.decrementAndGet();
            }
        });
    }

    /** Commits at once and waits for the broker; before a lane is given up. */
    void sendNow(RocketMqLane lane) {
        lane.committed = lane.done();
        client.broker(lane.queue(), timeout).commit(group, lane.queue(), lane.committed);
    }
}
