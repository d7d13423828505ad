package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.WireMessage;
import io.anymq.spi.support.VendorErrors;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.TransactionRolledBackException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.apache.activemq.MaxFrameSizeExceededException;
import org.apache.activemq.ScheduledMessage;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.transport.RequestTimedOutIOException;

/** Messages on their way out and the vendor's errors, in AnyMQ's terms. The way in is {@link ActiveMqMessage}. */
final class ActiveMqTranslator {
    private static final Map<Class<?>, ErrorCode> CODES = Map.of(
            JMSSecurityException.class, ErrorCode.AUTHORIZATION,
            SecurityException.class, ErrorCode.AUTHORIZATION,
            RequestTimedOutIOException.class, ErrorCode.TIMEOUT,
            SocketTimeoutException.class, ErrorCode.TIMEOUT,
            MaxFrameSizeExceededException.class, ErrorCode.TOO_LARGE,
            ResourceAllocationException.class, ErrorCode.FULL,
            InvalidDestinationException.class, ErrorCode.NOT_FOUND,
            InvalidClientIDException.class, ErrorCode.UNAVAILABLE);

    private ActiveMqTranslator() {}

    /**
     * The native message; {@code holdBack} says whether the broker is to wait until it is due.
     *
     * @throws MessagingException INVALID_MESSAGE
     */
    static ActiveMQMessage message(ActiveMQDestination target, Ordering ordering, WireMessage message, boolean holdBack)
            throws IOException {
        ActiveMqOriginal original = ActiveMqOriginal.of(message.received());
        ActiveMQMessage out = original.withBody(message);
        out.setDestination(target);
        out.setPersistent(true);
        out.setTimestamp(message.sentAtMillis());
        original.keep(out);
        original.put(out, WireHeaders.ID, message.id());
        if (!message.contentType().isEmpty()) {
            original.put(out, WireHeaders.CONTENT_TYPE, message.contentType());
        }
        original.group(out, ordering, message.key());
        if (message.deliverAtMillis() != 0) {
            out.setProperty(WireHeaders.DELIVER_AT, Long.toString(message.deliverAtMillis()));
            long delay = message.deliverAtMillis() - System.currentTimeMillis();
            if (holdBack && delay > 0) {
                // A clock of whole milliseconds may have begun the current one before the message was sent.
                out.setProperty(ScheduledMessage.AMQ_SCHEDULED_DELAY, delay + 1);
            }
        }
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            original.put(out, HeaderNames.escaped(header.getKey()), header.getValue());
        }
        return out;
    }

    /** The failure of {@code action} (such as "sending to orders"), with its cause and what to do about it. */
    static MessagingException error(String action, Throwable failure) {
        return error(action, failure, ErrorCode.AUTHORIZATION);
    }

    /** Like {@link #error}, while the user is not known yet. */
    static MessagingException connectError(String action, Throwable failure) {
        return error(action, failure, ErrorCode.AUTHENTICATION);
    }

    private static MessagingException error(String action, Throwable failure, ErrorCode security) {
        if (failure instanceof MessagingException already) {
            return already;
        }
        ErrorCode code = code(failure, security);
        return VendorErrors.error(action, code, failure, advice(code));
    }

    private static ErrorCode code(Throwable failure, ErrorCode security) {
        ErrorCode known = VendorErrors.code(failure, CODES);
        if (known != null) {
            return known == ErrorCode.AUTHORIZATION ? security : known;
        }
        if (failure instanceof InterruptedException) {
            return ErrorCode.CLOSED;
        }
        return failure instanceof JMSException || failure instanceof IOException
                ? ErrorCode.UNAVAILABLE
                : ErrorCode.INTERNAL;
    }

    /** Whether the broker answered with a final refusal, so that the message is certainly not stored. */
    static boolean refusedByBroker(Throwable failure) {
        return VendorErrors.isCausedBy(
                failure,
                JMSSecurityException.class,
                SecurityException.class,
                MaxFrameSizeExceededException.class,
                ResourceAllocationException.class,
                InvalidDestinationException.class,
                IllegalStateException.class);
    }

    /** Whether the broker answered a commit with a no because it had refused a part of the transaction. */
    static boolean isRollbackOnly(Throwable failure) {
        return VendorErrors.isCausedBy(failure, TransactionRolledBackException.class);
    }

    private static String advice(ErrorCode code) {
        return switch (code) {
            case AUTHENTICATION -> "check user and password in anymq.url, or anymq.activemq.user and password";
            case AUTHORIZATION -> "grant the user the permissions listed in docs/brokers/activemq.md";
            case NOT_FOUND ->
                "create it at the broker; anymq.provision=create does so whenever a producer or consumer is opened";
            case TOO_LARGE -> "raise wireFormat.maxFrameSize of the broker's connector, or send smaller messages";
            case FULL -> "the broker has reached its store, memory or disk limit; make room or raise the limit";
            case UNAVAILABLE -> "check that the broker is running and reachable from here";
            case TIMEOUT -> "check whether the broker is overloaded, suspended or waiting for room in its store";
            default -> "";
        };
    }
}
