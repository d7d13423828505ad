package io.anymq.rocketmq;

import java.time.Duration;
import org.apache.rocketmq.common.filter.ExpressionType;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.sysflag.PullSysFlag;
import org.apache.rocketmq.remoting.protocol.header.PullMessageRequestHeader;

/** Requests for the messages of a message queue. */
final class PullRequests {
    private PullRequests() {}

    /** For at most {@code most} messages; if there are none the broker answers when one comes, or after {@code hold}. */
    static PullMessageRequestHeader header(String group, MessageQueue queue, long offset, int most, Duration hold) {
        PullMessageRequestHeader header = new PullMessageRequestHeader();
        header.setConsumerGroup(group);
        header.setTopic(queue.getTopic());
        header.setQueueId(queue.getQueueId());
        header.setQueueOffset(offset);
        header.setMaxMsgNums(most);
        header.setSysFlag(PullSysFlag.buildSysFlag(false, true, true, false));
        header.setCommitOffset(0L);
        header.setSuspendTimeoutMillis(hold.toMillis());
        header.setSubscription("*");
        header.setSubVersion(0L);
        header.setExpressionType(ExpressionType.TAG);
        header.setBrokerName(queue.getBrokerName());
        return header;
    }
}
