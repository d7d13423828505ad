package io.anymq.rocketmq.protocol;

import java.time.Duration;
import java.util.List;
import org.apache.rocketmq.client.consumer.PullCallback;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.impl.CommunicationMode;
import org.apache.rocketmq.client.impl.consumer.PullResultExt;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.filter.ExpressionType;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageClientIDSetter;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.sysflag.PullSysFlag;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.header.PullMessageRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.SendMessageRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.SendMessageRequestHeaderV2;
import org.apache.rocketmq.remoting.protocol.header.SendMessageResponseHeader;

/** Requests that store messages in a message queue and read them from there. */
public final class MessageRequests {
    private static final String PRODUCER_GROUP = "anymq";

    private final ProtocolClient client;

    MessageRequests(ProtocolClient client) {
        this.client = client;
    }

    /**
     * Stores messages, together and in this order; one with a delay must be alone, and so must a {@link MessageExt},
     * which is stored with its flags.
     *
     * <p>All four states of {@link SendStatus} mean that the broker has the messages; only SEND_OK means that they are
     * as safe as the broker is configured to make them.
     */
    public void send(List<Message> messages, MessageQueue queue, Duration timeout, Answer<SendResult> answer) {
        RemotingCommand request = messages.size() == 1 ? single(messages.get(0), queue) : batch(messages, queue);
        client.send(queue.getBrokerName(), request, timeout, response -> result(queue, response), answer);
    }

    private static RemotingCommand single(Message message, MessageQueue queue) {
        MessageClientIDSetter.setUniqID(message);
        SendMessageRequestHeader header = header(queue);
        header.setProperties(MessageDecoder.messageProperties2String(message.getProperties()));
        header.setFlag(message.getFlag());
        if (message instanceof MessageExt stored) {
            header.setSysFlag(stored.getSysFlag());
        }
        return request(RequestCode.SEND_MESSAGE_V2, header, message.getBody());
    }

    private static RemotingCommand batch(List<Message> messages, MessageQueue queue) {
        messages.forEach(MessageClientIDSetter::setUniqID);
        SendMessageRequestHeader header = header(queue);
        header.setBatch(true);
        return request(RequestCode.SEND_BATCH_MESSAGE, header, MessageDecoder.encodeMessages(messages));
    }

    private static RemotingCommand request(int code, SendMessageRequestHeader header, byte[] body) {
        RemotingCommand request = RemotingCommand.createRequestCommand(
                code, SendMessageRequestHeaderV2.createSendMessageRequestHeaderV2(header));
        request.setBody(body);
        return request;
    }

    private static SendMessageRequestHeader header(MessageQueue queue) {
        SendMessageRequestHeader header = new SendMessageRequestHeader();
        header.setProducerGroup(PRODUCER_GROUP);
        header.setTopic(queue.getTopic());
        // A template topic would let the broker create missing topics.
        header.setDefaultTopic(queue.getTopic());
        header.setDefaultTopicQueueNums(0);
        header.setQueueId(queue.getQueueId());
        header.setSysFlag(0);
        header.setBornTimestamp(System.currentTimeMillis());
        header.setFlag(0);
        header.setProperties("");
        header.setReconsumeTimes(0);
        header.setUnitMode(false);
        header.setBatch(false);
        header.setBrokerName(queue.getBrokerName());
        return header;
    }

    private static SendResult result(MessageQueue queue, RemotingCommand response)
            throws MQBrokerException, RemotingException {
        SendStatus status =
                switch (response.getCode()) {
                    case ResponseCode.SUCCESS -> SendStatus.SEND_OK;
                    case ResponseCode.FLUSH_DISK_TIMEOUT -> SendStatus.FLUSH_DISK_TIMEOUT;
                    case ResponseCode.FLUSH_SLAVE_TIMEOUT -> SendStatus.FLUSH_SLAVE_TIMEOUT;
                    case ResponseCode.SLAVE_NOT_AVAILABLE -> SendStatus.SLAVE_NOT_AVAILABLE;
                    default ->
                        throw new MQBrokerException(response.getCode(), response.getRemark(), queue.getBrokerName());
                };
        SendMessageResponseHeader header = response.decodeCommandCustomHeader(SendMessageResponseHeader.class);
        return new SendResult(
                status,
                header.getTransactionId(),
                header.getMsgId(),
                new MessageQueue(queue.getTopic(), queue.getBrokerName(), header.getQueueId()),
                header.getQueueOffset());
    }

    /**
     * Which messages to read.
     *
     * @param group the group that reads
     * @param offset of the first one
     * @param most how many at most
     * @param hold how long a broker waits for one to come if there are none; the time-out counts from then
     */
    public record Pull(String group, MessageQueue queue, long offset, int most, Duration hold) {
        private PullMessageRequestHeader header() {
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

    /** Reads messages and waits for the broker. Their bodies are as they are stored, perhaps compressed. */
    public PullResult pull(Pull pull, Duration timeout) {
        return client.ask(
                "reading messages of " + pull.queue(),
                pull.queue().getBrokerName(),
                pull.hold().plus(timeout),
                (api, address, millis) ->
                        decoded(api.pullMessage(address, pull.header(), millis, CommunicationMode.SYNC, null)));
    }

    /** Reads messages. Their bodies are as they are stored, perhaps compressed. */
    public void pull(Pull pull, Duration timeout, Answer<PullResult> answer) {
        client.begin(
                pull.queue().getBrokerName(),
                pull.hold().plus(timeout),
                answer,
                (api, address, millis) ->
                        api.pullMessage(address, pull.header(), millis, CommunicationMode.ASYNC, new Pulled(answer)));
    }

    private static PullResult decoded(PullResult result) {
        byte[] bytes = result.getPullStatus() == PullStatus.FOUND ? ((PullResultExt) result).getMessageBinary() : null;
        result.setMsgFoundList(bytes == null ? List.of() : StoredMessages.read(bytes));
        return result;
    }

    private record Pulled(Answer<PullResult> answer) implements PullCallback {
        @Override
        public void onSuccess(PullResult result) {
            PullResult decoded;
            try {
                decoded = decoded(result);
            } catch (Throwable e) {
                // Also an Error: the request must end, whatever the broker has sent.
                answer.ended(null, Failure.unreadable(e));
                return;
            }
            answer.ended(decoded, null);
        }

        @Override
        public void onException(Throwable failure) {
            answer.ended(null, Failure.of(failure));
        }
    }
}
