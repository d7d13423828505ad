package io.anymq.rocketmq.protocol;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.exception.RemotingTooMuchRequestException;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.jspecify.annotations.Nullable;

/**
 * Why a request failed.
 *
 * @param reason tells failures apart
 * @param cause the vendor's exception; its message holds the server's remark, if there was one
 * @param refusal why TLS refused the connection that the request needed, or null
 */
public record Failure(
        Reason reason, Throwable cause, @Nullable SSLException refusal) {
    /** A failure for which TLS is not to blame. */
    public Failure(Reason reason, Throwable cause) {
        this(reason, cause, null);
    }

    /** The kinds of failure. */
    public enum Reason {
        /** The request did not leave: there is no connection, or too many requests are in flight. */
        NOT_SENT(true),
        /** The connection was lost, or the answer was unreadable. */
        NO_ANSWER(false),
        /** The server did not answer in time. */
        TIMEOUT(false),
        /** The client was closed or the caller interrupted while the request was in progress. */
        CLOSED(false),
        /** The client was closed before the request left. */
        CLOSED_UNSENT(true),
        /** The server is too busy. */
        BUSY(true),
        /** The broker accepts no messages, for example because its disk is full. */
        NOT_SERVING(true),
        /** The broker does not accept this message. */
        MESSAGE_ILLEGAL(true),
        /** Access control: the user is unknown, or lacks a permission. */
        NO_PERMISSION(true),
        /** There is no such topic or group. */
        MISSING(true),
        /** A parameter of the request is invalid. */
        INVALID(true),
        /** This broker is a replica. */
        NOT_LEADER(true),
        /** The server does not support this request. */
        UNSUPPORTED(true),
        /** Anything from a full disk to a bug in the server; only the remark tells. */
        SYSTEM_ERROR(false),
        /** Any other refusal. */
        REFUSED(false),
        /** A bug on the client's side. */
        UNEXPECTED(false);

        private final boolean nothingStored;

        Reason(boolean nothingStored) {
            this.nothingStored = nothingStored;
        }

        /** Whether it is certain that the server has stored nothing. */
        public boolean nothingStored() {
            return nothingStored;
        }
    }

    /** The failure that an exception of the vendor's client stands for; exceptions of futures are unwrapped. */
    public static Failure of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new Failure(reason(cause), cause);
    }

    /** The same failure, of a request whose connection may have been refused by TLS. */
    Failure refusedBecause(@Nullable SSLException tls) {
        boolean connection = reason == Reason.NOT_SENT || reason == Reason.NO_ANSWER || reason == Reason.TIMEOUT;
        return connection && tls != null ? new Failure(reason, cause, tls) : this;
    }

    static Failure unreadable(Throwable cause) {
        return new Failure(Reason.NO_ANSWER, cause);
    }

    /** No answer came within {@code timeout}. */
    public static Failure timeout(Duration timeout) {
        return new Failure(Reason.TIMEOUT, new TimeoutException("no answer within " + timeout.toMillis() + " ms"));
    }

    private static Reason reason(Throwable cause) {
        if (cause instanceof RemotingTimeoutException) {
            return Reason.TIMEOUT;
        }
        if (cause instanceof RemotingConnectException
                || cause instanceof RemotingTooMuchRequestException
                || cause instanceof ProtocolClient.UnknownBroker) {
            return Reason.NOT_SENT;
        }
        if (cause instanceof RemotingException) {
            return Reason.NO_ANSWER;
        }
        if (cause instanceof ProtocolClient.ClosedBefore) {
            return Reason.CLOSED_UNSENT;
        }
        // The vendor's and Netty's words for a client that was closed.
        if (cause instanceof InterruptedException
                || cause instanceof IllegalStateException
                || cause instanceof RejectedExecutionException) {
            return Reason.CLOSED;
        }
        return switch (responseCode(cause)) {
            case ResponseCode.SYSTEM_BUSY, ResponseCode.FLOW_CONTROL -> Reason.BUSY;
            case ResponseCode.SERVICE_NOT_AVAILABLE -> Reason.NOT_SERVING;
            case ResponseCode.MESSAGE_ILLEGAL -> Reason.MESSAGE_ILLEGAL;
            case ResponseCode.NO_PERMISSION -> Reason.NO_PERMISSION;
            case ResponseCode.TOPIC_NOT_EXIST,
                    ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
                    ResponseCode.SUBSCRIPTION_NOT_EXIST -> Reason.MISSING;
            case ResponseCode.INVALID_PARAMETER -> Reason.INVALID;
            case ResponseCode.NOT_LEADER_FOR_QUEUE -> Reason.NOT_LEADER;
            case ResponseCode.REQUEST_CODE_NOT_SUPPORTED, ResponseCode.VERSION_NOT_SUPPORTED -> Reason.UNSUPPORTED;
            case ResponseCode.SYSTEM_ERROR -> Reason.SYSTEM_ERROR;
            case -1 -> Reason.UNEXPECTED;
            default -> Reason.REFUSED;
        };
    }

    /** The response code of the server, or −1 without a response. */
    private static int responseCode(Throwable cause) {
        if (cause instanceof MQBrokerException broker) {
            return broker.getResponseCode();
        }
        return cause instanceof MQClientException client ? client.getResponseCode() : -1;
    }
}
