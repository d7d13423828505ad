package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ProtocolVersionMismatchException;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.TlsRefusal;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Messages to AMQP properties, and the client's exceptions to AnyMQ's. */
final class RabbitMqTranslator {
    private static final int PERSISTENT = 2;
    private static final int LONGEST_PROPERTY = 255;

    private RabbitMqTranslator() {}

    /** @param delays headers that lead a delayed message through the delay queues, or none */
    @SuppressWarnings("JavaUtilDate") // what the client library has for it
    static BasicProperties properties(OutboundMessage message, Map<String, Object> delays) {
        Map<String, String> given = message.headers();
        Map<String, Object> headers = new HashMap<>(4 + 2 * (given.size() + delays.size()));
        headers.put(WireHeaders.SENT_AT, message.sentAtMillis());
        String key = message.key();
        if (key != null) {
            headers.put(WireHeaders.KEY, key);
        }
        if (message.deliverAtMillis() > 0) {
            headers.put(WireHeaders.DELIVER_AT, message.deliverAtMillis());
        }
        if (!given.isEmpty()) {
            given.forEach((name, value) -> headers.put(ReservedHeaders.escape(name), value));
        }
        headers.putAll(delays);
        String id = message.id();
        if (!fits(id)) {
            headers.put(WireHeaders.ID, id);
            id = null;
        }
        String contentType = message.contentType();
        if (!fits(contentType)) {
            headers.put(WireHeaders.CONTENT_TYPE, contentType);
            contentType = null;
        }
        // AMQP's time stamp has whole seconds; it is for other clients and for the management page.
        return new BasicProperties(
                contentType,
                null,
                headers,
                PERSISTENT,
                null,
                null,
                null,
                null,
                id,
                new Date(message.sentAtMillis()),
                null,
                null,
                null,
                null);
    }

    /** AMQP's own properties hold 255 bytes; what is longer goes into a header. */
    private static boolean fits(String text) {
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

    /** What a failure means and what to do about it. */
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
                return new MessagingException(
                        ErrorCode.TIMEOUT,
                        action + " failed: the server did not answer in time; check that it runs and is not overloaded,"
                                + " or raise anymq.operation-timeout",
                        true,
                        failure);
            }
        }
        if (failure instanceof IOException || failure instanceof ShutdownSignalException) {
            return new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    action + " failed: the connection broke (" + text(failure) + "); it is opened anew by itself",
                    true,
                    failure);
        }
        return new MessagingException(ErrorCode.INTERNAL, action + " failed: " + text(failure), false, failure);
    }

    /** Errors of the first steps, which say more about the address and the account. */
    static MessagingException connectError(String action, RabbitMqConfig config, Throwable failure) {
        Optional<MessagingException> tls = TlsRefusal.of(action, "anymq.rabbitmq.", failure)
                .or(() -> hungUp(failure)
                        ? config.tlsRefusal().flatMap(reason -> TlsRefusal.of(action, "anymq.rabbitmq.", reason))
                        : Optional.empty());
        if (tls.isPresent()) {
            return tls.get();
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthenticationFailureException
                    || cause instanceof PossibleAuthenticationFailureException) {
                return new MessagingException(
                        ErrorCode.AUTHENTICATION,
                        action + " failed: user " + Escape.forLog(config.user())
                                + " or the password is refused; check them in anymq.url (guest may connect from the"
                                + " server's own machine only)",
                        false,
                        failure);
            }
            if (cause instanceof UnknownHostException) {
                return new MessagingException(
                        ErrorCode.UNAVAILABLE, action + " failed: the host is unknown; check anymq.url", true, failure);
            }
            if (cause instanceof MalformedFrameException || cause instanceof ProtocolVersionMismatchException) {
                return new MessagingException(
                        ErrorCode.UNAVAILABLE,
                        action
                                + " failed: what listens there does not speak AMQP 0-9-1; check host and port in anymq.url,"
                                + " and whether TLS is wanted (anymq.rabbitmq.tls)",
                        true,
                        failure);
            }
            if (cause instanceof ShutdownSignalException signal && said(action, signal, failure) != null) {
                return error(action, failure);
            }
        }
        if (failure instanceof MessagingException known) {
            return known;
        }
        boolean silent = failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException;
        return new MessagingException(
                silent ? ErrorCode.TIMEOUT : ErrorCode.UNAVAILABLE,
                action + " failed: "
                        + (silent
                                ? "nothing answered within the time-out"
                                : failure instanceof EOFException || failure.getCause() instanceof EOFException
                                        ? "the connection was closed during the greeting"
                                        : text(failure))
                        + "; check that the server runs, and host and port in anymq.url",
                true,
                failure);
    }

    /** A server that refuses a client's certificate hangs up, and its reason may be lost on the way. */
    private static boolean hungUp(Throwable failure) {
        return failure instanceof SocketException
                || failure instanceof EOFException
                || failure.getCause() instanceof SocketException
                || failure.getCause() instanceof EOFException;
    }

    private static @Nullable MessagingException said(String action, ShutdownSignalException signal, Throwable failure) {
        Method reason = signal.getReason();
        if (reason instanceof AMQP.Channel.Close close) {
            return said(action, close.getReplyCode(), close.getReplyText(), failure);
        }
        if (reason instanceof AMQP.Connection.Close close && !signal.isInitiatedByApplication()) {
            return said(action, close.getReplyCode(), close.getReplyText(), failure);
        }
        if (signal instanceof AlreadyClosedException || signal.isInitiatedByApplication()) {
            return new MessagingException(
                    ErrorCode.UNAVAILABLE, action + " failed: the connection or channel is closed", true, failure);
        }
        return null;
    }

    /** The server's own words, with AnyMQ's code and a cure. */
    static MessagingException said(String action, int code, @Nullable String text, @Nullable Throwable failure) {
        String words = text == null ? "" : text;
        ErrorCode error;
        boolean retryable = false;
        String cure;
        switch (code) {
            case AMQP.ACCESS_REFUSED -> {
                error = ErrorCode.AUTHORIZATION;
                cure = "grant the user configure, write and read permissions with rabbitmqctl set_permissions;"
                        + " docs/brokers/rabbitmq.md lists what AnyMQ needs";
            }
            case AMQP.NOT_FOUND -> {
                retryable = words.contains("down or inaccessible") || words.contains("not available");
                error = retryable ? ErrorCode.UNAVAILABLE : ErrorCode.NOT_FOUND;
                cure = retryable ? "wait until its node is back" : "create it, or set anymq.provision=create";
            }
            case AMQP.RESOURCE_LOCKED -> {
                error = ErrorCode.MISMATCH;
                cure = "it belongs to another connection alone; use another name";
            }
            case AMQP.PRECONDITION_FAILED -> {
                if (words.contains("larger than")) {
                    error = ErrorCode.TOO_LARGE;
                    cure = "raise max_message_size of the server, or lower anymq.rabbitmq.max-message to it";
                } else if (words.contains("timed out")) {
                    error = ErrorCode.UNAVAILABLE;
                    retryable = true;
                    cure = "raise consumer_timeout of the server above what handlers and retries take";
                } else {
                    error = words.contains("delivery tag") ? ErrorCode.INTERNAL : ErrorCode.MISMATCH;
                    cure =
                            "it exists with other arguments: delete it, use another name or the declared properties, or set"
                                    + " anymq.provision=validate to use it as it is";
                }
            }
            case AMQP.CONTENT_TOO_LARGE, AMQP.FRAME_ERROR -> {
                error = ErrorCode.TOO_LARGE;
                cure = "send less, or raise frame_max and max_message_size of the server";
            }
            case AMQP.NOT_ALLOWED -> {
                boolean missing = words.contains("not found");
                error = missing ? ErrorCode.NOT_FOUND : ErrorCode.AUTHORIZATION;
                cure = missing
                        ? "create the virtual host with rabbitmqctl add_vhost, or correct it in anymq.url"
                        : "grant the user access with rabbitmqctl set_permissions -p <virtual host>";
            }
            case AMQP.NOT_IMPLEMENTED -> {
                error = ErrorCode.UNSUPPORTED;
                cure = "upgrade the server";
            }
            default -> {
                error = ErrorCode.UNAVAILABLE;
                retryable = true;
                cure = "it is tried again by itself";
            }
        }
        return new MessagingException(
                error, action + " failed: the server says '" + words + "'; " + cure, retryable, failure);
    }

    private static String text(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    }
}
