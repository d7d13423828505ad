package io.anymq.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Creates and checks queues, exchanges and bindings. How a source is divided is kept by the server itself: the first of
 * its queues is declared with an argument that says ordering and number of lanes, and the server refuses a declaration
 * that says otherwise. Thread-safe.
 */
final class RabbitMqProvisioner {
    /**
     * The server's own count of returns must never judge a message, for an orderly close is a return, too. So the limit is
     * out of reach; it is set at all because 3.x returns messages to the front only with a limit, and because 4.x has a
     * default that drops messages.
     */
    static final int DELIVERY_LIMIT = 1_000_000;

    /** With fewer, looking often enough would cost a message its life. */
    private static final int LEAST_RETURNS = 100_000;

    private final RabbitMqLink link;
    private final RabbitMqConfig config;
    private final DelayQueues delays;
    private final MappedPlaces mapped;
    private final RabbitMqDeclarations declarations;
    private volatile boolean commonsReady;

    RabbitMqProvisioner(RabbitMqLink link, RabbitMqConfig config, DelayQueues delays) {
        this.link = link;
        this.config = config;
        this.delays = delays;
        this.mapped = new MappedPlaces(link);
        this.declarations = new RabbitMqDeclarations(link);
    }

    void provision(Address address, ProvisionMode mode) {
        if (address instanceof Address.OfSubscription wanted
                && wanted.subscription().start() == StartPosition.EARLIEST) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    address + " cannot start at EARLIEST: a RabbitMQ queue gets what is sent from its creation on; use"
                            + " StartPosition.NOW, and create the subscription before the first message is sent");
        }
        delays.allow(mode);
        if (mode == ProvisionMode.VALIDATE) {
            if (!RabbitMqNames.isMapped(address)) {
                declarations.check(address);
            }
            check(address);
            if (!(address instanceof Address.OfTopic)) {
                requireOrder(address);
            }
        } else if (mode == ProvisionMode.CREATE && !(address instanceof Address.Redelivery)) {
            create(address);
        }
    }

    /** How many queues are behind a source. */
    int lanes(Address address) {
        return RabbitMqNames.ordering(address) == Ordering.PER_KEY && !RabbitMqNames.isMapped(address)
                ? config.lanes()
                : 1;
    }

    List<String> queues(Address address) {
        String queue = RabbitMqNames.queue(address);
        return IntStream.range(0, lanes(address))
                .mapToObj(lane -> RabbitMqNames.lane(queue, lane))
                .toList();
    }

    private void create(Address address) {
        if (RabbitMqNames.isMapped(address)) {
            link.run("creating " + address, this::prepareCommons);
            if (address instanceof Address.OfTopic topic) {
                mapped.createTopic(topic);
                return;
            }
            if (address instanceof Address.OfSubscription of) {
                create(of.topic());
            }
            mapped.createQueue((Address.OfSource) address, arguments(address, 0));
            return;
        }
        declarations.declare(address);
        try {
            link.run("creating " + address, channel -> create(channel, address));
        } catch (MessagingException e) {
            declarations.withdraw(address);
            throw mismatchOr(address, e);
        }
    }

    private void create(Channel channel, Address address) throws IOException {
        prepareCommons(channel);
        if (address instanceof Address.OfTopic topic) {
            createExchange(channel, topic.topic().name());
            RabbitMqDeclarations.bind(channel, address);
            return;
        }
        List<String> queues = queues(address);
        String first = queues.get(0);
        for (int lane = 0; lane < queues.size(); lane++) {
            channel.queueDeclare(queues.get(lane), true, false, false, arguments(address, lane));
        }
        if (queues.size() > 1) {
            HelperQueue.members(first, config.quorum(), true).get(0).open(channel);
        }
        channel.queueBind(first, DelayQueues.DUE, first);
        if (address instanceof Address.OfSubscription subscription) {
            String topic = subscription.subscription().topic().name();
            createExchange(channel, topic);
            if (queues.size() > 1) {
                channel.queueBind(first, topic, RabbitMqNames.delayedTopic("*"));
            }
            for (int lane = 0; lane < queues.size(); lane++) {
                channel.queueBind(queues.get(lane), topic, Slots.bindingKey(lane, queues.size()));
            }
        }
        RabbitMqDeclarations.bind(channel, address);
    }

    private static void createExchange(Channel channel, String topic) throws IOException {
        channel.exchangeDeclare(topic, BuiltinExchangeType.TOPIC, true);
        channel.exchangeBind(topic, DelayQueues.DUE, RabbitMqNames.delayedTopic(topic));
    }

    private void prepareCommons(Channel channel) throws IOException {
        if (commonsReady) {
            return;
        }
        channel.exchangeDeclare(DelayQueues.DUE, BuiltinExchangeType.DIRECT, true);
        channel.exchangeDeclare(RabbitMqNames.BACKSTOP, BuiltinExchangeType.FANOUT, true);
        channel.queueDeclare(RabbitMqNames.BACKSTOP, true, false, false, Map.of("x-queue-type", type()));
        channel.queueBind(RabbitMqNames.BACKSTOP, RabbitMqNames.BACKSTOP, "");
        commonsReady = true;
    }

    private String type() {
        return config.quorum() ? "quorum" : "classic";
    }

    private Map<String, Object> arguments(Address address, int lane) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-queue-type", type());
        if (RabbitMqNames.ordering(address) != Ordering.UNORDERED) {
            arguments.put("x-single-active-consumer", true);
        }
        arguments.put("x-dead-letter-exchange", RabbitMqNames.BACKSTOP);
        arguments.put("x-dead-letter-routing-key", mark(address, lane));
        if (config.quorum()) {
            arguments.put("x-delivery-limit", DELIVERY_LIMIT);
            arguments.put("x-dead-letter-strategy", "at-least-once");
            arguments.put("x-overflow", "reject-publish");
        }
        return arguments;
    }

    /** {@code orders/PER_KEY/0/8}: a fanout exchange does not look at it, and a declaration must repeat it. */
    private String mark(Address address, int lane) {
        return RabbitMqNames.queue(address) + "/" + RabbitMqNames.ordering(address) + "/" + lane + "/" + lanes(address);
    }

    private MessagingException mismatchOr(Address address, MessagingException error) {
        if (error.code() != ErrorCode.MISMATCH) {
            return error;
        }
        return new MessagingException(
                ErrorCode.MISMATCH,
                address + " exists with other properties than " + RabbitMqNames.ordering(address) + ", lanes="
                        + lanes(address) + ", queue-type=" + type()
                        + ": use the same ordering, anymq.rabbitmq.lanes and anymq.rabbitmq.queue-type everywhere, or"
                        + " another name, or delete it; with anymq.provision=validate a queue of your own is used as it"
                        + " is (" + error.getMessage() + ")",
                false,
                error.getCause());
    }

    /** Checks that a source with a physical name keeps its order; AnyMQ's own are created so that they do. */
    void requireOrder(Address address) {
        if (RabbitMqNames.isMapped(address) && RabbitMqNames.ordering(address) != Ordering.UNORDERED) {
            require(address, "queue", RabbitMqNames.queue(address));
            mapped.requireOrder(address, arguments(address, 0));
        }
    }

    /**
     * Checks that messages can be taken and put back many times: quorum queues count returns, and drop what was returned
     * more often than their limit says.
     */
    void requireReturns(Address address) {
        List<String> queues = queues(address);
        boolean hasDefaultLimit = RabbitMqServer.of(link.get().connection()).major() >= 4;
        for (int lane = 0; lane < queues.size(); lane++) {
            Map<String, Object> found = DeclaredProperties.ofQueue(link, queues.get(lane), arguments(address, lane));
            Object limit = found.get("x-delivery-limit");
            boolean enough = limit instanceof Number number
                    ? number.longValue() < 0 || number.longValue() >= LEAST_RETURNS
                    : limit == null && !hasDefaultLimit;
            if ("quorum".equals(found.get("x-queue-type")) && !enough) {
                throw new MessagingException(
                        ErrorCode.UNSUPPORTED,
                        "looking at " + address + " would return its messages, and the quorum queue " + queues.get(lane)
                                + " gives a message up after " + (limit == null ? "20" : limit)
                                + " returns: declare it with x-delivery-limit=" + DELIVERY_LIMIT);
            }
        }
    }

    /** Checks that everything is there, for addresses that were provisioned elsewhere. */
    void check(Address address) {
        if (address instanceof Address.OfTopic topic) {
            require(address, "exchange", RabbitMqNames.exchange(topic));
            if (topic.physicalName() != null) {
                mapped.requireRoutable(topic);
            }
            return;
        }
        if (address instanceof Address.OfSubscription of) {
            require(address, "exchange", RabbitMqNames.exchange(of.topic()));
        }
        List<String> queues = queues(address);
        queues.forEach(queue -> require(address, "queue", queue));
        boolean isMapped = RabbitMqNames.isMapped(address);
        String next = RabbitMqNames.lane(queues.get(0), queues.size());
        if ((isMapped || RabbitMqNames.ordering(address) == Ordering.PER_KEY) && exists(address, "queue", next)) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    address + " has more than " + queues.size() + " lanes, because there is a queue " + next
                            + (isMapped
                                    ? ": it is AnyMQ's own; remove its physical name and use its name in code"
                                    : ": set anymq.rabbitmq.lanes to the number it was created with"));
        }
    }

    private void require(Address address, String kind, String name) {
        if (!exists(address, kind, name)) {
            throw new MessagingException(
                    ErrorCode.NOT_FOUND,
                    address + " does not exist: create the RabbitMQ " + kind + " " + name
                            + ", or set anymq.provision=create"
                            + (name.contains("~")
                                    ? "; a single queue of your own needs anymq.rabbitmq.lanes=1 or an unordered Queue"
                                    : ""));
        }
    }

    private boolean exists(Address address, String kind, String name) {
        try {
            link.run("looking for " + address, channel -> {
                if (kind.equals("exchange")) {
                    channel.exchangeDeclarePassive(name);
                } else {
                    channel.queueDeclarePassive(name);
                }
            });
            return true;
        } catch (MessagingException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
