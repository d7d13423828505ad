package io.anymq.rocketmq;

import io.anymq.rocketmq.protocol.BrokerRequests;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.spi.support.LogCommits;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Commits the contiguous prefix of each lane, also before it is given up. Used by the receiver's thread. */
final class RocketMqCommits extends LogCommits<RocketMqLane> {
    private final ProtocolClient client;
    private final String group;
    private final Duration timeout;

    /** {@code lanes} is a live view of those owned, {@code timeout} is for each request. */
    RocketMqCommits(ProtocolClient client, String group, Duration timeout, Collection<RocketMqLane> lanes) {
        super(lanes, RocketMqLane::isUncommitted, lane -> lane.committed = BrokerRequests.NONE);
        this.client = client;
        this.group = group;
        this.timeout = timeout;
    }

    @Override
    protected void send(List<RocketMqLane> moved) {
        for (RocketMqLane lane : moved) {
            lane.committed = lane.done();
            client.broker(lane.queue(), timeout)
                    .commit(group, lane.queue(), lane.committed, (done, failure) -> ended(lane, failure == null));
        }
    }

    /** Commits what no commit has carried yet, and waits for the broker. */
    void sendNow(Collection<RocketMqLane> leaving) {
        for (RocketMqLane lane : leaving) {
            if (lane.isUncommitted()) {
                lane.committed = lane.done();
                client.broker(lane.queue(), timeout).commit(group, lane.queue(), lane.committed);
            }
        }
    }
}
