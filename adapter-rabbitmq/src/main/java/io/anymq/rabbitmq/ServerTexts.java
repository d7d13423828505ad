package io.anymq.rabbitmq;

import static io.anymq.ErrorCode.AUTHORIZATION;
import static io.anymq.ErrorCode.INTERNAL;
import static io.anymq.ErrorCode.MISMATCH;
import static io.anymq.ErrorCode.NOT_FOUND;
import static io.anymq.ErrorCode.TIMEOUT;
import static io.anymq.ErrorCode.TOO_LARGE;
import static io.anymq.ErrorCode.UNAVAILABLE;
import static io.anymq.ErrorCode.UNSUPPORTED;

import io.anymq.ErrorCode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All texts of the server and of its client library that this adapter matches. AMQP has few reply codes, so what went wrong
 * often stands in the text only.
 */
final class ServerTexts {
    private static final String PERMISSIONS = "grant the user configure, write and read permissions with rabbitmqctl"
            + " set_permissions; docs/brokers/rabbitmq.md lists what AnyMQ needs";
    private static final String SMALLER =
            "raise max_message_size of the server, or lower anymq.rabbitmq.max-message to it";
    private static final String LONGER = "raise consumer_timeout of the server above what handlers and retries take";
    private static final String SAME_ARGUMENTS = "it exists with other arguments: delete it, use another name or the"
            + " declared properties, or set anymq.provision=validate to use it as it is";
    private static final String ADD_HOST =
            "create the virtual host with rabbitmqctl add_vhost, or correct it in anymq.url";
    private static final String ALLOW_HOST = "grant the user access with rabbitmqctl set_permissions -p <virtual host>";

    private static final Pattern REFUSED_SIZE = Pattern.compile("message size (\\d+) is larger than");
    private static final Pattern TIMEOUT_VALUE = Pattern.compile("Timeout value used: (\\d+) ms");
    /** With the value of an argument comes its type; a flag stands alone. */
    private static final Pattern DIFFERENCE = Pattern.compile(
            "inequivalent arg '([^']+)' for .*: received .* but current is"
                    + " (?:none|(?:the value )?'(.*?)'(?: of type '(\\w+)')?)$",
            Pattern.DOTALL);

    private ServerTexts() {}

    /** Why the server closed a channel or connection: code, part of its text, meaning, cure. The first match counts. */
    enum Reply {
        EXCLUSIVE(403, "in exclusive use", UNAVAILABLE, "another consumer has it for itself; end that one"),
        NO_PERMISSION(403, "", AUTHORIZATION, PERMISSIONS),
        NODE_DOWN(404, "down or inaccessible", UNAVAILABLE, "wait until its node is back"),
        NOT_AVAILABLE(404, "not available", UNAVAILABLE, "wait until its node is back"),
        STOPPED(404, "stopped by supervisor", UNAVAILABLE, "wait until the server has started its process again"),
        MISSING(
                404,
                "",
                NOT_FOUND,
                "create it; anymq.provision=create does so whenever a producer or consumer is opened"),
        LOCKED(405, "", MISMATCH, "it belongs to another connection alone; use another name"),
        MESSAGE_TOO_LARGE(406, "larger than", TOO_LARGE, SMALLER),
        ACKNOWLEDGED_TOO_LATE(406, "timed out", TIMEOUT, LONGER),
        UNKNOWN_DELIVERY(406, "delivery tag", INTERNAL, "this is an error in AnyMQ, please report it"),
        OTHER_ARGUMENTS(406, "", MISMATCH, SAME_ARGUMENTS),
        CONTENT_TOO_LARGE(311, "", TOO_LARGE, "send less, or raise frame_max and max_message_size of the server"),
        FRAME_TOO_LARGE(501, "", TOO_LARGE, "send less, or raise frame_max and max_message_size of the server"),
        NO_VIRTUAL_HOST(530, "not found", NOT_FOUND, ADD_HOST),
        VIRTUAL_HOST_REFUSED(530, "", AUTHORIZATION, ALLOW_HOST),
        NOT_IMPLEMENTED(540, "", UNSUPPORTED, "upgrade the server"),
        OTHER(0, "", UNAVAILABLE, "AnyMQ tries again");

        /** 0 for any. */
        private final int code;

        private final String part;
        final ErrorCode error;
        final String cure;

        Reply(int code, String part, ErrorCode error, String cure) {
            this.code = code;
            this.part = part;
            this.error = error;
            this.cure = cure;
        }

        static Reply of(int code, @Nullable String text) {
            String words = String.valueOf(text);
            for (Reply reply : values()) {
                if (reply.code == code && words.contains(reply.part)) {
                    return reply;
                }
            }
            return OTHER;
        }
    }

    /**
     * How a queue or exchange differs from a declaration of it.
     *
     * @param value what it has, or null if the argument is missing there
     */
    record Difference(
            String argument,
            @Nullable String value,
            @Nullable String type) {
        static @Nullable Difference in(String refusal) {
            Matcher difference = DIFFERENCE.matcher(refusal);
            return difference.find()
                    ? new Difference(difference.group(1), difference.group(2), difference.group(3))
                    : null;
        }

        /** What it has, in Java's terms; of the type of {@code like} if the server does not name it. */
        @Nullable
        Object current(@Nullable Object like) {
            if (value == null) {
                return null;
            }
            String kind =
                    type != null ? type : like instanceof Boolean ? "bool" : like instanceof Number ? "" : "longstr";
            return switch (kind) {
                case "longstr" -> value;
                case "bool" -> Boolean.valueOf(value);
                default -> Long.valueOf(value);
            };
        }
    }

    /** The size of the message that was too large for the server, or -1. */
    static long refusedSize(@Nullable String text) {
        Matcher size = REFUSED_SIZE.matcher(text == null ? "" : text);
        return size.find() ? Long.parseLong(size.group(1)) : -1;
    }

    /** How long the server waits for an acknowledgement; zero if it does not say. */
    static Duration timeout(@Nullable String text) {
        Matcher value = TIMEOUT_VALUE.matcher(text == null ? "" : text);
        return value.find() ? Duration.ofMillis(Long.parseLong(value.group(1))) : Duration.ZERO;
    }

    /** Whether an alarm ({@code connection.blocked}) is about the disk; the other one is about memory. */
    static boolean isDiskAlarm(String reason) {
        return reason.contains("disk");
    }

    /** Whether the client library refuses headers that do not fit into a frame. */
    static boolean exceedsFrame(RuntimeException refusal) {
        return String.valueOf(refusal.getMessage()).contains("frame size");
    }
}
