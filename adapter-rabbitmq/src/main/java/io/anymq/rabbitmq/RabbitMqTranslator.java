package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ProtocolVersionMismatchException;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;
import io.anymq.spi.HandlerTimeoutException;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.TlsRefusal;
import io.anymq.spi.support.VendorErrors;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Messages to AMQP properties, and the client's exceptions to AnyMQ's. */
final class RabbitMqTranslator {
    private static final int PERSISTENT = 2;
    private static final int LONGEST_PROPERTY = 255;
    private static final String CHECK_SERVER = "check that the server runs, and host and port in anymq.url";
    private static final String CHECK_PORT =
            "check host and port in anymq.url, and whether TLS is needed (anymq.rabbitmq.tls)";
    private static final String CHECK_USER =
            "check them in anymq.url (guest may connect from the server's own machine only)";
    private static final String RAISE_TIMEOUT =
            "check that it runs and is not overloaded, or raise anymq.operation-timeout";
    private static final String SMALLER_HEADERS = "send smaller headers, or raise frame_max of the server";

    private RabbitMqTranslator() {}

    /** @param delays headers that lead a delayed message through the delay queues, or none */
    static BasicProperties properties(OutboundMessage message, Map<String, Object> delays) {
        if (!message.storedAs().isEmpty()) {
            throw VendorErrors.unknownForm("RabbitMQ", message.storedAs());
        }
        RabbitMqOriginal original = RabbitMqOriginal.of(message.received());
        Map<String, String> given = message.headers();
        Map<String, @Nullable Object> headers = new HashMap<>(4 + 2 * (given.size() + delays.size()));
        headers.put(WireHeaders.SENT_AT, message.sentAtMillis());
        String key = message.key();
        if (key != null) {
            headers.put(WireHeaders.KEY, original.value(WireHeaders.KEY, key));
        }
        if (message.deliverAtMillis() > 0) {
            headers.put(WireHeaders.DELIVER_AT, message.deliverAtMillis());
        }
        for (Map.Entry<String, String> header : given.entrySet()) {
            String name = ReservedHeaders.escape(header.getKey());
            headers.put(name, original.value(name, header.getValue()));
        }
        BasicProperties.Builder properties = new BasicProperties.Builder();
        original.keep(properties, headers);
        headers.putAll(delays);
        String id = message.id();
        if (!fits(id)) {
            headers.put(WireHeaders.ID, id);
            id = null;
        }
        String contentType = message.contentType();
        if (contentType.isEmpty()) {
            contentType = null;
        } else if (!fits(contentType)) {
            headers.put(WireHeaders.CONTENT_TYPE, contentType);
            contentType = null;
        }
        // AMQP's time stamp has whole seconds; it is for other clients and for the management page.
        return properties
                .contentType(contentType)
                .headers(headers)
                .deliveryMode(PERSISTENT)
                .messageId(id)
                .timestamp(original.timestamp(message.sentAtMillis()))
                .build();
    }

    /** AMQP's own properties hold 255 bytes; what is longer goes into a header. */
    static boolean fits(String text) {
        return text.length() <= LONGEST_PROPERTY / 3 || text.getBytes(UTF_8).length <= LONGEST_PROPERTY;
    }

    /** The id of a message that carries these. */
    static @Nullable String id(BasicProperties properties) {
        String id = properties.getMessageId();
        Map<String, Object> headers = properties.getHeaders();
        if (id == null && headers != null) {
            Object header = headers.get(WireHeaders.ID);
            id = header == null ? null : header.toString();
        }
        return id == null || id.isEmpty() ? null : id;
    }

    /** The meaning of a failure and its cure. */
    static MessagingException error(String action, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MessagingException known) {
                return known;
            }
            if (cause instanceof ShutdownSignalException signal) {
                MessagingException said = said(action, signal, failure);
                if (said != null) {
                    return said;
                }
            }
            if (cause instanceof TimeoutException) {
                return VendorErrors.error(
                        action, ErrorCode.TIMEOUT, "the server did not answer in time", RAISE_TIMEOUT, failure);
            }
        }
        if (failure instanceof IOException || failure instanceof ShutdownSignalException) {
            String reason = "the connection broke (" + VendorErrors.rootText(failure) + ")";
            return VendorErrors.error(action, ErrorCode.UNAVAILABLE, reason, "AnyMQ reconnects", failure);
        }
        return VendorErrors.error(action, ErrorCode.INTERNAL, VendorErrors.rootText(failure), "", failure);
    }

    /** How the server closed the channel, if that is what the failure comes from. */
    static AMQP.Channel.@Nullable Close channelClose(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ShutdownSignalException signal
                    && signal.getReason() instanceof AMQP.Channel.Close close) {
                return close;
            }
        }
        return null;
    }

    /** Errors of the first steps, which say more about the address and the account. */
    static MessagingException connectError(String action, RabbitMqConfig config, Throwable failure) {
        // a server that refuses a client's certificate hangs up, and its reason may be lost on the way
        boolean hungUp = VendorErrors.isCausedBy(failure, SocketException.class, EOFException.class);
        Optional<MessagingException> tls = TlsRefusal.of(action, "anymq.rabbitmq.", failure)
                .or(() -> hungUp
                        ? config.tlsRefusal().flatMap(reason -> TlsRefusal.of(action, "anymq.rabbitmq.", reason))
                        : Optional.empty());
        if (tls.isPresent()) {
            return tls.get();
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PossibleAuthenticationFailureException) {
                String reason = "user " + Escape.forLog(config.user()) + " or its password was refused";
                return VendorErrors.error(action, ErrorCode.AUTHENTICATION, reason, CHECK_USER, failure);
            }
            if (cause instanceof UnknownHostException) {
                return VendorErrors.error(
                        action, ErrorCode.UNAVAILABLE, "the host is unknown", "check anymq.url", failure);
            }
            if (cause instanceof MalformedFrameException || cause instanceof ProtocolVersionMismatchException) {
                String reason = "the server there does not speak AMQP 0-9-1";
                return VendorErrors.error(action, ErrorCode.UNAVAILABLE, reason, CHECK_PORT, failure);
            }
            if (cause instanceof ShutdownSignalException signal && said(action, signal, failure) != null) {
                return error(action, failure);
            }
        }
        if (failure instanceof MessagingException known) {
            return known;
        }
        if (VendorErrors.isCausedBy(failure, TimeoutException.class)) {
            String reason = "nothing answered within the time-out";
            return VendorErrors.error(action, ErrorCode.TIMEOUT, reason, CHECK_SERVER, failure);
        }
        String reason = VendorErrors.isCausedBy(failure, EOFException.class)
                ? "the connection was closed during the greeting"
                : VendorErrors.rootText(failure);
        return VendorErrors.error(action, ErrorCode.UNAVAILABLE, reason, CHECK_SERVER, failure);
    }

    private static @Nullable MessagingException said(String action, ShutdownSignalException signal, Throwable failure) {
        Method reason = signal.getReason();
        if (reason instanceof AMQP.Channel.Close close) {
            return said(action, close.getReplyCode(), close.getReplyText(), failure);
        }
        if (reason instanceof AMQP.Connection.Close close && !signal.isInitiatedByApplication()) {
            return said(action, close.getReplyCode(), close.getReplyText(), failure);
        }
        return signal instanceof AlreadyClosedException || signal.isInitiatedByApplication()
                ? VendorErrors.error(action, ErrorCode.UNAVAILABLE, "the connection or channel is closed", "", failure)
                : null;
    }

    private static MessagingException said(String action, int code, @Nullable String text, Throwable failure) {
        ServerTexts.Reply reply = ServerTexts.Reply.of(code, text);
        MessagingException error =
                VendorErrors.error(action, reply.error, "the server says '" + text + "'", reply.cure, failure);
        return reply == ServerTexts.Reply.ACKNOWLEDGED_TOO_LATE
                ? new HandlerTimeoutException(String.valueOf(error.getMessage()), ServerTexts.timeout(text), failure)
                : error;
    }

    /** The client library cannot write a message. */
    static MessagingException unencodable(String action, RuntimeException failure) {
        return ServerTexts.exceedsFrame(failure)
                ? VendorErrors.error(action, ErrorCode.TOO_LARGE, VendorErrors.text(failure), SMALLER_HEADERS, failure)
                : VendorErrors.error(action, ErrorCode.INTERNAL, VendorErrors.text(failure), "", failure);
    }

    /** The server takes no messages. */
    static MessagingException alarm(String reason) {
        return VendorErrors.error(
                ServerTexts.isDiskAlarm(reason) ? ErrorCode.FULL : ErrorCode.UNAVAILABLE,
                "the server takes no messages because it is on alarm (" + reason
                        + "): free memory or disk space there, or raise vm_memory_high_watermark or lower disk_free_limit",
                null);
    }
}
