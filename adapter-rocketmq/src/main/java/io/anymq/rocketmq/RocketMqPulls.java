package io.anymq.rocketmq;

import io.anymq.rocketmq.protocol.Failure;
import io.anymq.rocketmq.protocol.MessageRequests.Pull;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.spi.support.Inbox;
import java.time.Duration;
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
    private final Inbox<Arrival> arrivals = new Inbox<>(Duration.ZERO);

    RocketMqPulls(ProtocolClient client, String group) {
        this.client = client;
        this.group = group;
    }

    /** Asks for the lane's next messages. */
    void pull(RocketMqLane lane) {
        lane.pulling = true;
        client.messages()
                .pull(
                        new Pull(group, lane.queue(), lane.next, MOST, HOLD),
                        TIMEOUT,
                        (result, failure) -> arrivals.add(new Arrival(lane, result, failure)));
    }

    /** The next that ended; null if none has. */
    @Nullable
    Arrival poll() {
        return arrivals.poll();
    }

    /** Waits until something has come, at most {@code nanos}; also for {@link #wake}. */
    void await(long nanos) {
        arrivals.await(nanos);
        arrivals.looked(false);
    }

    /** Ends {@link #await}. Called from any thread. */
    void wake() {
        arrivals.wakeup();
    }
}
