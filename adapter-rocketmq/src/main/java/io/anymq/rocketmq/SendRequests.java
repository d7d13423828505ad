package io.anymq.rocketmq;

import java.util.List;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageClientIDSetter;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.exception.RemotingCommandException;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.header.SendMessageRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.SendMessageRequestHeaderV2;
import org.apache.rocketmq.remoting.protocol.header.SendMessageResponseHeader;

/** Requests that store messages in a message queue, and what their answers mean. */
final class SendRequests {
    private static final String PRODUCER_GROUP = "anymq";

    private SendRequests() {}

    static RemotingCommand one(MessageQueue queue, Message message) {
        MessageClientIDSetter.setUniqID(message);
        SendMessageRequestHeader header = header(queue);
        header.setProperties(MessageDecoder.messageProperties2String(message.getProperties()));
        RemotingCommand request = RemotingCommand.createRequestCommand(
                RequestCode.SEND_MESSAGE_V2, SendMessageRequestHeaderV2.createSendMessageRequestHeaderV2(header));
        request.setBody(message.getBody());
        return request;
    }

    /** Stored together and in this order; only messages without a delay. */
    static RemotingCommand batch(MessageQueue queue, List<Message> messages) {
        messages.forEach(MessageClientIDSetter::setUniqID);
        SendMessageRequestHeader header = header(queue);
        header.setBatch(true);
        RemotingCommand request = RemotingCommand.createRequestCommand(
                RequestCode.SEND_BATCH_MESSAGE, SendMessageRequestHeaderV2.createSendMessageRequestHeaderV2(header));
        request.setBody(MessageDecoder.encodeMessages(messages));
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

    /**
     * The broker's answer. All four states of {@link SendStatus} mean that it has the messages; only SEND_OK means
     * that they are as safe as the broker is configured to make them.
     *
     * @throws MQBrokerException if it refused
     */
    static SendResult result(MessageQueue queue, RemotingCommand response, String address)
            throws MQBrokerException, RemotingCommandException {
        SendStatus status =
                switch (response.getCode()) {
                    case ResponseCode.SUCCESS -> SendStatus.SEND_OK;
                    case ResponseCode.FLUSH_DISK_TIMEOUT -> SendStatus.FLUSH_DISK_TIMEOUT;
                    case ResponseCode.FLUSH_SLAVE_TIMEOUT -> SendStatus.FLUSH_SLAVE_TIMEOUT;
                    case ResponseCode.SLAVE_NOT_AVAILABLE -> SendStatus.SLAVE_NOT_AVAILABLE;
                    default -> throw new MQBrokerException(response.getCode(), response.getRemark(), address);
                };
        SendMessageResponseHeader header = response.decodeCommandCustomHeader(SendMessageResponseHeader.class);
        return new SendResult(
                status,
                header.getTransactionId(),
                header.getMsgId(),
                new MessageQueue(queue.getTopic(), queue.getBrokerName(), header.getQueueId()),
                header.getQueueOffset());
    }
}
