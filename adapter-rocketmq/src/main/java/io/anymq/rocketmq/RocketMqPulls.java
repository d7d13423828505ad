package io.anymq.rocketmq;

import io.anymq.rocketmq.protocol.Answer;
import io.anymq.rocketmq.protocol.Failure;
import io.anymq.rocketmq.protocol.MessageRequests.Pull;
import io.anymq.rocketmq.protocol.ProtocolClient;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.consumer.PullResult;
import org.jspecify.annotations.Nullable;

/**
 * Long polls, one for each lane at a time, and their results. Used by the receiver's thread, which created it; only
 * results are added by the client's threads.
 */
final class RocketMqPulls {
    /** The time a broker holds a request while there are no messages, as for the vendor's own consumers. */
    private static final Duration HOLD = Duration.ofSeconds(15);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Brokers answer with at most 32 of them by default. */
    private static final int MOST = 64;

    /** The outcome of a pull: a result or a failure. */
    record Arrival(
            RocketMqLane lane,
            @Nullable PullResult result,
            @Nullable Failure failure) {}

    private final ProtocolClient client;
    private final String group;
    private final Thread receiver = Thread.currentThread();
    private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
    private volatile boolean woken;

    RocketMqPulls(ProtocolClient client, String group) {
        this.client = client;
        this.group = group;
    }

    /** Asks for the lane's next messages. */
    void pull(RocketMqLane lane) {
        lane.pulling = true;
        client.messages().pull(new Pull(group, lane.queue(), lane.next, MOST, HOLD), TIMEOUT, new Answer<>() {
            @Override
            public void came(PullResult result) {
                add(new Arrival(lane, result, null));
            }

            @Override
            public void failed(Failure failure) {
                add(new Arrival(lane, null, failure));
            }
        });
    }

    private void add(Arrival arrival) {
        arrivals.add(arrival);
        LockSupport.unpark(receiver);
    }

    /** The next that ended; null if none has. */
    @Nullable
    Arrival poll() {
        return arrivals.poll();
    }

    /** Waits until something has come, at most {@code nanos}; also for {@link #wake}. */
    void await(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && arrivals.isEmpty() && !woken; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        woken = false;
    }

    /** Ends {@link #await}. Called from any thread. */
    void wake() {
        woken = true;
        LockSupport.unpark(receiver);
    }
}
