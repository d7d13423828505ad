package io.anymq.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.support.Declaration;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How queues and topics were declared, in an exchange for each that no message passes: its alternate exchange, which
 * the server compares with every declaration, says it. It is bound to what it describes, so it goes away with it.
 * Thread-safe.
 */
final class RabbitMqDeclarations {
    private static final String ARGUMENT = "alternate-exchange";
    private static final String DECLARED = "anymq.declared.";

    private static final Logger LOG = LoggerFactory.getLogger(RabbitMqDeclarations.class);

    private final RabbitMqLink link;

    RabbitMqDeclarations(RabbitMqLink link) {
        this.link = link;
    }

    /** The name of the exchange that says how a queue or topic was declared. */
    static String exchange(String destination) {
        return "anymq.declaration." + destination;
    }

    /** {@code anymq.declared.queue.per_key}: the name of an exchange that does not exist. */
    private static String value(Declaration declaration) {
        return DECLARED + declaration.kind() + "." + declaration.ordering().toLowerCase(Locale.ROOT);
    }

    private static Optional<Declaration> declaration(@Nullable String value) {
        if (value == null || !value.startsWith(DECLARED)) {
            return Optional.empty();
        }
        String[] parts = value.substring(DECLARED.length()).split("\\.", 2);
        return parts.length < 2
                ? Optional.empty()
                : Optional.of(new Declaration(parts[0], parts[1].toUpperCase(Locale.ROOT), null));
    }

    /**
     * Declares a queue or topic under its name in code, unless it was.
     *
     * @throws MessagingException MISMATCH if it was declared otherwise
     */
    void declare(Address address) {
        Declaration wanted = Declaration.of(address, null);
        if (wanted != null) {
            declare(address, wanted);
        }
    }

    private void declare(Address address, Declaration wanted) {
        String name = exchange(destination(address));
        try {
            link.run("declaring " + address, channel -> declare(channel, name, wanted));
        } catch (MessagingException e) {
            ServerTexts.Difference difference = DeclaredProperties.difference(e);
            if (difference != null && difference.argument().equals(ARGUMENT)) {
                declaration(difference.value())
                        .ifPresent(found -> found.requireAgreement(address, "the RabbitMQ exchange " + name));
            }
            throw e;
        }
    }

    private static void declare(Channel channel, String name, Declaration wanted) throws IOException {
        channel.exchangeDeclare(name, BuiltinExchangeType.FANOUT, true, true, true, Map.of(ARGUMENT, value(wanted)));
    }

    /** Binds the declaration to what it describes, which exists by now; then it is deleted with it. */
    static void bind(Channel channel, Address address) throws IOException {
        String name = destination(address);
        if (address instanceof Address.OfQueue) {
            channel.queueBind(name, exchange(name), "");
        } else {
            channel.exchangeBind(name, exchange(name), "");
        }
    }

    /** Deletes a declaration that describes nothing, because what it was made for could not be created. */
    void withdraw(Address address) {
        if (address instanceof Address.Redelivery) {
            return;
        }
        try {
            link.run(
                    "withdrawing the declaration of " + address,
                    channel -> channel.exchangeDelete(exchange(destination(address)), true));
        } catch (MessagingException e) {
            LOG.debug("The declaration of {} is in use or could not be withdrawn", address, e);
        }
    }

    /**
     * Compares the declaration of {@code address} and writes nothing. A user who must not configure the exchange cannot
     * compare.
     *
     * @throws MessagingException MISMATCH if it was declared otherwise
     */
    void check(Address address) {
        Declaration wanted = Declaration.of(address, null);
        if (wanted == null || !isDeclared(address)) {
            return;
        }
        try {
            declare(address, wanted);
        } catch (MessagingException e) {
            if (e.code() != ErrorCode.AUTHORIZATION) {
                throw e;
            }
        }
    }

    private boolean isDeclared(Address address) {
        try {
            link.run(
                    "looking for the declaration of " + address,
                    channel -> channel.exchangeDeclarePassive(exchange(destination(address))));
            return true;
        } catch (MessagingException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static String destination(Address address) {
        if (address instanceof Address.OfQueue of) {
            return of.queue().name();
        }
        return address instanceof Address.OfTopic of
                ? of.topic().name()
                : ((Address.OfSubscription) address).topic().topic().name();
    }
}
