package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an existing queue or exchange was declared with. AMQP has no request for that; but a declaration that
 * differs is refused and the refusal names one difference, so declaring again with each difference mended ends with all
 * that there is. Nothing is changed by it. The user needs the permission to configure the name. Stateless.
 */
final class DeclaredProperties {
    private static final int MOST_DIFFERENCES = 40;

    private DeclaredProperties() {}

    /** How something is declared with these flags and arguments. */
    private interface Declaration {
        void make(Channel channel, Map<String, String> flags, Map<String, Object> arguments) throws IOException;
    }

    /**
     * The arguments of a queue that exists.
     *
     * @param expected arguments that it may have already, to save requests; those that it lacks are not in the result
     */
    static Map<String, Object> ofQueue(RabbitMqLink link, String queue, Map<String, Object> expected) {
        Map<String, Object> arguments = new HashMap<>(expected);
        find(
                link,
                "queue " + queue,
                new HashMap<>(Map.of("durable", "true", "auto_delete", "false", "exclusive", "false")),
                arguments,
                (channel, flags, found) -> channel.queueDeclare(
                        queue, isSet(flags, "durable"), isSet(flags, "exclusive"), isSet(flags, "auto_delete"), found));
        return arguments;
    }

    /** The type of an exchange that exists, such as {@code direct}. */
    static String ofExchange(RabbitMqLink link, String exchange) {
        Map<String, String> flags =
                new HashMap<>(Map.of("type", "topic", "durable", "true", "auto_delete", "false", "internal", "false"));
        find(
                link,
                "exchange " + exchange,
                flags,
                new HashMap<>(),
                (channel, found, arguments) -> channel.exchangeDeclare(
                        exchange,
                        found.getOrDefault("type", ""),
                        isSet(found, "durable"),
                        isSet(found, "auto_delete"),
                        isSet(found, "internal"),
                        arguments));
        return flags.getOrDefault("type", "");
    }

    private static boolean isSet(Map<String, String> flags, String flag) {
        return "true".equals(flags.get(flag));
    }

    private static void find(
            RabbitMqLink link,
            String what,
            Map<String, String> flags,
            Map<String, Object> arguments,
            Declaration declaration) {
        for (int i = 0; i < MOST_DIFFERENCES; i++) {
            try {
                link.run(
                        "finding out how the " + what + " was declared",
                        channel -> declaration.make(channel, flags, arguments));
                return;
            } catch (MessagingException e) {
                AMQP.Channel.Close close = RabbitMqTranslator.channelClose(e);
                if (close == null || close.getReplyCode() != AMQP.PRECONDITION_FAILED) {
                    throw e;
                }
                mend(what, close.getReplyText(), flags, arguments);
            }
        }
        throw unknown(what, "it has more than " + MOST_DIFFERENCES + " arguments");
    }

    private static void mend(String what, String refusal, Map<String, String> flags, Map<String, Object> arguments) {
        ServerTexts.Difference difference = ServerTexts.Difference.in(refusal);
        if (difference == null) {
            throw unknown(what, refusal);
        }
        String name = difference.argument();
        String plain = difference.plainValue();
        Object typed = difference.typedValue();
        if (flags.containsKey(name) && plain != null) {
            flags.put(name, plain);
        } else if (difference.isMissing()) {
            arguments.remove(name);
        } else if (typed != null) {
            arguments.put(name, typed);
        } else if (plain != null && arguments.containsKey(name)) {
            arguments.put(name, sameType(arguments.get(name), plain));
        } else {
            throw unknown(what, refusal);
        }
    }

    private static Object sameType(@Nullable Object like, String text) {
        if (like instanceof Boolean) {
            return Boolean.valueOf(text);
        }
        return like instanceof Number ? Long.valueOf(text) : text;
    }

    private static MessagingException unknown(String what, String why) {
        return new MessagingException(
                ErrorCode.MISMATCH,
                "could not find out how the " + what + " was declared (" + why
                        + "); use an unordered queue, or for an exchange name its routing key: exchange/routing.key");
    }
}
