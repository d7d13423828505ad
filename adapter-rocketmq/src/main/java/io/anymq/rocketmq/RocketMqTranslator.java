package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.Failure;
import io.anymq.rocketmq.protocol.Failure.Reason;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.TlsRefusal;
import io.anymq.spi.support.VendorErrors;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLException;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageConst;

/** Messages on their way out and failures of requests, in AnyMQ's terms. The way in is {@link RocketMqMessage}. */
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
     * @throws MessagingException TOO_LARGE, INVALID_MESSAGE
     */
    static Message message(String topic, OutboundMessage message) {
        Map<String, String> properties = new HashMap<>();
        RocketMqOriginal original = RocketMqOriginal.of(message.received());
        original.keep(properties);
        Map<String, String> odd = new LinkedHashMap<>();
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
                odd.put(header.getKey(), header.getValue());
            }
        }
        byte[] body = message.body();
        boolean ordinary = message.storedAs().isEmpty();
        if (body.length == 0 && ordinary) {
            properties.put(EMPTY_BODY, "1");
            body = STAND_IN;
        }
        if (!odd.isEmpty()) {
            properties.put(PropertyBlock.NAME, PropertyBlock.encode(odd));
        }
        requireRoom(properties);
        Message translated = ordinary ? new Message() : StoredBody.flagged(message.storedAs());
        translated.setTopic(topic);
        translated.setBody(body);
        translated.setFlag(original.flag());
        MessageAccessor.setProperties(translated, properties);
        // Set for each message of a batch as well: the broker looks for it there.
        translated.setWaitStoreMsgOK(true);
        return translated;
    }

    /** Stores it under the vendor's name if it can be a property; otherwise under AnyMQ's name in the block. */
    private static void put(
            Map<String, String> properties, Map<String, String> odd, String vendors, String ours, String value) {
        if (PropertyBlock.isPlain(ours, value)) {
            properties.put(vendors, value);
        } else {
            odd.put(ours, value);
        }
    }

    private static void requireRoom(Map<String, String> properties) {
        if (bytes(properties, text -> 3 * text.length()) <= MOST_PROPERTY_BYTES) {
            return;
        }
        int exact = bytes(properties, text -> text.getBytes(UTF_8).length);
        if (exact > MOST_PROPERTY_BYTES) {
            throw new MessagingException(
                    ErrorCode.TOO_LARGE,
                    "headers, key and id must not exceed " + MOST_PROPERTY_BYTES + " bytes at RocketMQ, but take"
                            + " " + exact
                            + "; send fewer headers, especially empty ones or ones with control characters");
        }
    }

    private static int bytes(Map<String, String> properties, ToIntFunction<String> ofText) {
        int sum = 0;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            sum += property.getKey().length() + ofText.applyAsInt(property.getValue()) + 2;
        }
        return sum;
    }

    /**
     * Whether the failure says for certain that the broker has stored nothing. SYSTEM_ERROR stands for everything from
     * a full disk to a bug; these texts are sent before anything is written.
     */
    static boolean nothingStored(Failure failure) {
        return failure.reason().nothingStored()
                || (failure.reason() == Reason.SYSTEM_ERROR
                        && (ServerTexts.TIMER_OFF.isIn(failure.cause())
                                || ServerTexts.TIMER_FULL.isIn(failure.cause())
                                || ServerTexts.NO_FILE.isIn(failure.cause())));
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
    static MessagingException error(String action, Failure failure) {
        Throwable cause = failure.cause();
        SSLException refusal = failure.refusal();
        if (refusal != null) {
            Optional<MessagingException> refused = TlsRefusal.of(action, "anymq.rocketmq.", refusal);
            if (refused.isPresent()) {
                return refused.get();
            }
        }
        ErrorCode code = code(failure.reason(), cause);
        return VendorErrors.error(action, code, cause, advice(code, failure.reason(), cause));
    }

    private static ErrorCode code(Reason reason, Throwable cause) {
        return switch (reason) {
            case TIMEOUT -> ErrorCode.TIMEOUT;
            case CLOSED, CLOSED_UNSENT -> ErrorCode.CLOSED;
            case NOT_SENT, NO_ANSWER, NOT_LEADER, REFUSED -> ErrorCode.UNAVAILABLE;
            case NO_PERMISSION -> isAuthentication(cause) ? ErrorCode.AUTHENTICATION : ErrorCode.AUTHORIZATION;
            case MISSING -> ErrorCode.NOT_FOUND;
            case MESSAGE_ILLEGAL ->
                ServerTexts.TIMER_TOO_LATE.isIn(cause) ? ErrorCode.UNSUPPORTED : ErrorCode.TOO_LARGE;
            case NOT_SERVING, BUSY -> ErrorCode.FULL;
            case SYSTEM_ERROR -> systemError(cause);
            case UNSUPPORTED -> ErrorCode.UNSUPPORTED;
            case INVALID -> ErrorCode.MISMATCH;
            case UNEXPECTED -> ErrorCode.INTERNAL;
        };
    }

    private static ErrorCode systemError(Throwable cause) {
        if (ServerTexts.TIMER_OFF.isIn(cause)) {
            return ErrorCode.UNSUPPORTED;
        }
        return ServerTexts.NO_FILE.isIn(cause) || ServerTexts.NO_PAGE.isIn(cause)
                ? ErrorCode.FULL
                : ErrorCode.UNAVAILABLE;
    }

    private static boolean isAuthentication(Throwable cause) {
        return !ServerTexts.NO_PERMISSION.isIn(cause) && ServerTexts.UNKNOWN_USER.isIn(cause);
    }

    private static String advice(ErrorCode code, Reason reason, Throwable cause) {
        return switch (code) {
            case AUTHENTICATION -> "check anymq.rocketmq.access-key and secret-key";
            case AUTHORIZATION -> "grant the user the RocketMQ permissions listed in docs/brokers/rocketmq.md";
            case NOT_FOUND ->
                "create the RocketMQ topic or group; anymq.provision=create does so whenever a producer or"
                        + " consumer is opened";
            case TOO_LARGE ->
                "raise anymq.rocketmq.max-message and the broker's maxMessageSize, or send smaller messages";
            case UNSUPPORTED ->
                ServerTexts.TIMER_TOO_LATE.isIn(cause)
                        ? "raise timerMaxDelaySec of the broker (3 days by default, AnyMQ allows 7)"
                        : ServerTexts.TIMER_OFF.isIn(cause) ? "set timerWheelEnable=true in broker.conf" : "";
            case FULL -> adviceWhenFull(reason, cause);
            case UNAVAILABLE, TIMEOUT ->
                reason == Reason.SYSTEM_ERROR
                        ? "the broker failed internally, for example because it could not write to its disk; see"
                                + " its log"
                        : "check that the name server and the broker are running and that the broker's address"
                                + " (brokerIP1,"
                                + " listenPort) is reachable from here";
            default -> "";
        };
    }

    private static String adviceWhenFull(Reason reason, Throwable cause) {
        if (ServerTexts.NO_PAGE.isIn(cause)) {
            return "the broker's disk is completely full and the broker did not notice in time; make room at once,"
                    + " because it may confirm messages that it cannot keep, and give it more reserve"
                    + " (diskSpaceWarningLevelRatio)";
        }
        return switch (reason) {
            case NOT_SERVING ->
                "make room on the broker's disk; it accepts messages again some seconds after usage is below its"
                        + " diskSpaceWarningLevelRatio (90 %)";
            case SYSTEM_ERROR -> "make room on the broker's disk; its log says why it cannot create a file";
            default -> "the broker cannot keep up; send more slowly";
        };
    }
}
