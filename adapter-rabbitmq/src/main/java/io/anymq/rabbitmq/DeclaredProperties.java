package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an existing queue was declared with. AMQP has no request for that; but a declaration that differs is
 * refused and the refusal names one difference, so declaring again with each difference mended ends with all that there
 * is. Nothing is changed by it. The user needs the permission to configure the queue. Stateless.
 */
final class DeclaredProperties {
    private static final int MOST_DIFFERENCES = 40;

    private DeclaredProperties() {}

    /**
     * The properties of a queue that exists, flags such as {@code durable} among them.
     *
     * @param expected arguments that it may have already, to save requests; those that it lacks are not in the result
     */
    static Map<String, Object> ofQueue(RabbitMqLink link, String queue, Map<String, Object> expected) {
        Map<String, Object> found = new HashMap<>(expected);
        found.putAll(Map.of("durable", true, "auto_delete", false, "exclusive", false));
        for (int i = 0; i < MOST_DIFFERENCES; i++) {
            try {
                link.run("finding out how the queue " + queue + " was declared", channel -> {
                    Map<String, Object> arguments = new HashMap<>(found);
                    boolean durable = takeFlag(arguments, "durable");
                    boolean exclusive = takeFlag(arguments, "exclusive");
                    channel.queueDeclare(queue, durable, exclusive, takeFlag(arguments, "auto_delete"), arguments);
                });
                return found;
            } catch (MessagingException e) {
                ServerTexts.Difference difference = difference(e);
                if (difference == null) {
                    throw e;
                }
                String name = difference.argument();
                Object current = difference.current(found.get(name));
                if (current == null) {
                    found.remove(name);
                } else {
                    found.put(name, current);
                }
            }
        }
        throw new MessagingException(
                ErrorCode.MISMATCH,
                "could not find out how the queue " + queue + " was declared (it has more than " + MOST_DIFFERENCES
                        + " arguments); use an unordered queue");
    }

    private static boolean takeFlag(Map<String, Object> from, String flag) {
        return Boolean.TRUE.equals(from.remove(flag));
    }

    /** The difference for which a declaration was refused, or null if it failed for another reason. */
    static ServerTexts.@Nullable Difference difference(MessagingException failure) {
        AMQP.Channel.Close close = RabbitMqTranslator.channelClose(failure);
        return close == null || close.getReplyCode() != AMQP.PRECONDITION_FAILED
                ? null
                : ServerTexts.Difference.in(close.getReplyText());
    }
}
