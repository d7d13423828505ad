package io.anymq.rocketmq;

import io.anymq.MessagingException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.consumer.PullCallback;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.impl.CommunicationMode;
import org.apache.rocketmq.client.impl.consumer.PullResultExt;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.jspecify.annotations.Nullable;

/**
 * Long polls, one for each lane at a time, and their results. Used by the receiver's thread, which created it; only
 * results are added by the client's threads.
 */
final class RocketMqPulls {
    /** The time a broker holds a request while there are no messages, as for the vendor's own consumers. */
    private static final Duration HOLD = Duration.ofSeconds(15);

    private static final Duration TIMEOUT = HOLD.plusSeconds(5);

    /** Brokers answer with at most 32 of them by default. */
    private static final int MOST = 64;

    /**
     * The result of a pull.
     *
     * @param next where the broker says to go on
     * @param failure null if it came
     */
    record Arrival(
            RocketMqLane lane,
            PullStatus status,
            List<MessageExt> messages,
            long next,
            @Nullable Throwable failure) {}

    private final RocketMqClient client;
    private final RocketMqRoutes routes;
    private final String group;
    private final Thread receiver = Thread.currentThread();
    private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
    private volatile boolean woken;

    RocketMqPulls(RocketMqClient client, RocketMqRoutes routes, String group) {
        this.client = client;
        this.routes = routes;
        this.group = group;
    }

    /** Asks for the lane's next messages. */
    void pull(RocketMqLane lane) {
        lane.pulling = true;
        try {
            client.api()
                    .pullMessage(
                            routes.address(lane.queue().getBrokerName()),
                            PullRequests.header(group, lane.queue(), lane.next, MOST, HOLD),
                            TIMEOUT.toMillis(),
                            CommunicationMode.ASYNC,
                            new Came(lane));
        } catch (RemotingException | org.apache.rocketmq.client.exception.MQBrokerException | MessagingException e) {
            failed(lane, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(lane, e);
        }
    }

    private void failed(RocketMqLane lane, Throwable failure) {
        add(new Arrival(lane, PullStatus.NO_NEW_MSG, List.of(), lane.next, failure));
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

    private final class Came implements PullCallback {
        private final RocketMqLane lane;

        Came(RocketMqLane lane) {
            this.lane = lane;
        }

        @Override
        public void onSuccess(PullResult result) {
            try {
                byte[] bytes =
                        result.getPullStatus() == PullStatus.FOUND ? ((PullResultExt) result).getMessageBinary() : null;
                List<MessageExt> messages = bytes == null
                        ? List.of()
                        : MessageDecoder.decodesBatch(ByteBuffer.wrap(bytes), true, true, false);
                add(new Arrival(lane, result.getPullStatus(), messages, result.getNextBeginOffset(), null));
            } catch (RuntimeException | LinkageError e) {
                // A body that was compressed by a library that is not there.
                failed(lane, e);
            }
        }

        @Override
        public void onException(Throwable failure) {
            failed(lane, failure);
        }
    }
}
