package io.anymq.rocketmq;

import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.WireHeaders;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.exception.RemotingTooMuchRequestException;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.jspecify.annotations.Nullable;

/** Messages on their way out and the vendor's errors, in AnyMQ's terms. The way in is {@link RocketMqMessage}. */
final class RocketMqTranslator {
    /** Says that the body is empty, which RocketMQ does not take: one byte stands for it. */
    static final String EMPTY_BODY = "mq-empty";

    /** A message's properties are counted in a signed 16-bit number. */
    private static final int MOST_PROPERTY_BYTES = Short.MAX_VALUE - 512;

    private static final byte[] STAND_IN = {0};

    private RocketMqTranslator() {}

    /**
     * The message for a topic.
     *
     * @throws MessagingException TOO_LARGE
     */
    static Message message(String topic, OutboundMessage message) {
        Map<String, String> properties = new HashMap<>();
        Odd odd = new Odd();
        put(properties, odd, MessageConst.PROPERTY_UNIQ_CLIENT_MESSAGE_ID_KEYIDX, WireHeaders.ID, message.id());
        String key = message.key();
        if (key != null) {
            put(properties, odd, MessageConst.PROPERTY_SHARDING_KEY, WireHeaders.KEY, key);
        }
        if (!message.contentType().isEmpty()) {
            put(properties, odd, WireHeaders.CONTENT_TYPE, WireHeaders.CONTENT_TYPE, message.contentType());
        }
        properties.put(WireHeaders.SENT_AT, Long.toString(message.sentAtMillis()));
        if (message.deliverAtMillis() > 0) {
            String due = Long.toString(message.deliverAtMillis());
            properties.put(WireHeaders.DELIVER_AT, due);
            properties.put(MessageConst.PROPERTY_TIMER_DELIVER_MS, due);
        }
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            if (PropertyBlock.isPlain(header.getKey(), header.getValue())) {
                properties.put(header.getKey(), header.getValue());
            } else {
                odd.add(header.getKey(), header.getValue());
            }
        }
        byte[] body = message.body();
        if (body.length == 0) {
            properties.put(EMPTY_BODY, "1");
            body = STAND_IN;
        }
        if (!odd.texts.isEmpty()) {
            properties.put(PropertyBlock.NAME, PropertyBlock.encode(odd.texts));
        }
        requireRoom(properties);
        Message translated = new Message();
        translated.setTopic(topic);
        translated.setBody(body);
        MessageAccessor.setProperties(translated, properties);
        // Set for each message of a batch as well: the broker looks for it there.
        translated.setWaitStoreMsgOK(true);
        return translated;
    }

    /** Stores it under the vendor's name if it can be a property; otherwise under AnyMQ's name in the block. */
    private static void put(Map<String, String> properties, Odd odd, String vendors, String ours, String value) {
        if (PropertyBlock.isPlain(ours, value)) {
            properties.put(vendors, value);
        } else {
            odd.add(ours, value);
        }
    }

    private static final class Odd {
        private Map<String, String> texts = Map.of();

        void add(String name, String value) {
            if (texts.isEmpty()) {
                texts = new LinkedHashMap<>();
            }
            texts.put(name, value);
        }
    }

    private static void requireRoom(Map<String, String> properties) {
        int most = 0;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            most += property.getKey().length() + 3 * property.getValue().length() + 2;
        }
        if (most <= MOST_PROPERTY_BYTES) {
            return;
        }
        long exact = 0;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            exact += property.getKey().length() + 2L + utf8Length(property.getValue());
        }
        if (exact > MOST_PROPERTY_BYTES) {
            throw new MessagingException(
                    ErrorCode.TOO_LARGE,
                    "headers, key and id must not exceed " + MOST_PROPERTY_BYTES + " bytes at RocketMQ, but take"
                            + " " + exact
                            + "; send fewer headers, especially empty ones or ones with control characters");
        }
    }

    private static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair counts for two of its four bytes.
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }

    /** Whether the broker refused because it had no time for it. */
    static boolean isBusy(Throwable failure) {
        int code = responseCode(unwrapped(failure));
        return code == ResponseCode.SYSTEM_BUSY || code == ResponseCode.FLOW_CONTROL;
    }

    /** Whether the failure says for certain that the broker has stored nothing. */
    static boolean nothingStored(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof RemotingConnectException || cause instanceof RemotingTooMuchRequestException) {
            return true;
        }
        return switch (responseCode(cause)) {
            case ResponseCode.SYSTEM_BUSY,
                    ResponseCode.FLOW_CONTROL,
                    ResponseCode.MESSAGE_ILLEGAL,
                    ResponseCode.SERVICE_NOT_AVAILABLE,
                    ResponseCode.VERSION_NOT_SUPPORTED,
                    ResponseCode.NO_PERMISSION,
                    ResponseCode.TOPIC_NOT_EXIST,
                    ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
                    ResponseCode.INVALID_PARAMETER,
                    ResponseCode.NOT_LEADER_FOR_QUEUE,
                    ResponseCode.REQUEST_CODE_NOT_SUPPORTED -> true;
            case ResponseCode.SYSTEM_ERROR -> isRefusal(cause);
            default -> false;
        };
    }

    /**
     * SYSTEM_ERROR stands for everything from a full disk to a bug; these texts are sent before anything is written.
     */
    private static boolean isRefusal(Throwable cause) {
        return ServerTexts.TIMER_OFF.isIn(cause)
                || ServerTexts.TIMER_FULL.isIn(cause)
                || ServerTexts.NO_FILE.isIn(cause);
    }

    /** The broker has the messages, but they are less safe than it was told to make them. */
    static MessagingException unsafe(String topic, SendStatus status) {
        String advice =
                switch (status) {
                    case FLUSH_DISK_TIMEOUT -> "its disk was too slow (syncFlushTimeout)";
                    case FLUSH_SLAVE_TIMEOUT -> "its replica was too slow";
                    case SLAVE_NOT_AVAILABLE -> "it has no replica that is up";
                    case SEND_OK -> throw new IllegalArgumentException("SEND_OK is not a warning");
                };
        return new MessagingException(
                ErrorCode.TIMEOUT,
                "sending to " + topic + " succeeded only in part: the broker holds the message but answered"
                        + " " + status + ", " + advice
                        + "; the message may be lost if the broker is lost now",
                true,
                null);
    }

    /** The failure of {@code action} (such as "sending to orders"), with its cause and what to do about it. */
    static MessagingException error(String action, Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof MessagingException already) {
            return already;
        }
        ErrorCode code = code(cause);
        String advice = advice(code, cause);
        String detail = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new MessagingException(
                code,
                action + " failed: " + Escape.forLog(detail) + (advice.isEmpty() ? "" : "; " + advice),
                code == ErrorCode.UNAVAILABLE
                        || code == ErrorCode.FULL
                        || code == ErrorCode.TIMEOUT
                        || cause instanceof InterruptedException,
                cause);
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The response code of the broker or the name server, or −1 without a response. */
    static int responseCode(@Nullable Throwable cause) {
        if (cause instanceof MQBrokerException broker) {
            return broker.getResponseCode();
        }
        return cause instanceof MQClientException client ? client.getResponseCode() : -1;
    }

    private static ErrorCode code(Throwable cause) {
        if (cause instanceof RemotingTimeoutException) {
            return ErrorCode.TIMEOUT;
        }
        if (cause instanceof RemotingException) {
            return ErrorCode.UNAVAILABLE;
        }
        if (cause instanceof InterruptedException || cause instanceof IllegalStateException) {
            return ErrorCode.CLOSED;
        }
        return switch (responseCode(cause)) {
            case ResponseCode.NO_PERMISSION ->
                isAuthentication(cause) ? ErrorCode.AUTHENTICATION : ErrorCode.AUTHORIZATION;
            case ResponseCode.TOPIC_NOT_EXIST,
                    ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
                    ResponseCode.SUBSCRIPTION_NOT_EXIST -> ErrorCode.NOT_FOUND;
            case ResponseCode.MESSAGE_ILLEGAL ->
                ServerTexts.TIMER_TOO_LATE.isIn(cause) ? ErrorCode.UNSUPPORTED : ErrorCode.TOO_LARGE;
            case ResponseCode.SERVICE_NOT_AVAILABLE, ResponseCode.SYSTEM_BUSY, ResponseCode.FLOW_CONTROL ->
                ErrorCode.FULL;
            case ResponseCode.SYSTEM_ERROR ->
                ServerTexts.TIMER_OFF.isIn(cause)
                        ? ErrorCode.UNSUPPORTED
                        : ServerTexts.NO_FILE.isIn(cause) || ServerTexts.NO_PAGE.isIn(cause)
                                ? ErrorCode.FULL
                                : ErrorCode.UNAVAILABLE;
            case ResponseCode.REQUEST_CODE_NOT_SUPPORTED, ResponseCode.VERSION_NOT_SUPPORTED -> ErrorCode.UNSUPPORTED;
            case ResponseCode.INVALID_PARAMETER -> ErrorCode.MISMATCH;
            case -1 -> ErrorCode.INTERNAL;
            default -> ErrorCode.UNAVAILABLE;
        };
    }

    private static boolean isAuthentication(Throwable cause) {
        return !ServerTexts.NO_PERMISSION.isIn(cause) && ServerTexts.UNKNOWN_USER.isIn(cause);
    }

    private static String advice(ErrorCode code, Throwable cause) {
        return switch (code) {
            case AUTHENTICATION -> "check anymq.rocketmq.access-key and secret-key";
            case AUTHORIZATION -> "grant the user the RocketMQ permissions listed in docs/brokers/rocketmq.md";
            case NOT_FOUND -> "create the RocketMQ topic or group, or set anymq.provision=create";
            case TOO_LARGE ->
                "raise anymq.rocketmq.max-message and the broker's maxMessageSize, or send smaller messages";
            case UNSUPPORTED ->
                ServerTexts.TIMER_TOO_LATE.isIn(cause)
                        ? "raise timerMaxDelaySec of the broker (3 days by default, AnyMQ allows 7)"
                        : ServerTexts.TIMER_OFF.isIn(cause) ? "set timerWheelEnable=true in broker.conf" : "";
            case FULL -> adviceWhenFull(cause);
            case UNAVAILABLE, TIMEOUT ->
                responseCode(cause) == ResponseCode.SYSTEM_ERROR
                        ? "the broker failed internally, for example because it could not write to its disk; see"
                                + " its log"
                        : "check that the name server and the broker are running and that the broker's address"
                                + " (brokerIP1,"
                                + " listenPort) is reachable from here";
            default -> "";
        };
    }

    private static String adviceWhenFull(Throwable cause) {
        if (ServerTexts.NO_PAGE.isIn(cause)) {
            return "the broker's disk is completely full and the broker did not notice in time; make room at once,"
                    + " because it may confirm messages that it cannot keep, and give it more reserve"
                    + " (diskSpaceWarningLevelRatio)";
        }
        return switch (responseCode(cause)) {
            case ResponseCode.SERVICE_NOT_AVAILABLE ->
                "make room on the broker's disk; it accepts messages again some seconds after usage is below its"
                        + " diskSpaceWarningLevelRatio (90 %)";
            case ResponseCode.SYSTEM_ERROR ->
                "make room on the broker's disk; its log says why it cannot create a file";
            default -> "the broker cannot keep up; send more slowly";
        };
    }
}
