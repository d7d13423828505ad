package io.anymq.inmemory.broker;

import io.anymq.inmemory.broker.InMemoryBroker.Limits;
import io.anymq.inmemory.broker.InMemoryBroker.QueueMetrics;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.support.Declaration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The queues and topics of one broker by their names, and whether they are answered for now. Thread-safe. */
final class Exchanges {
    private final String broker;
    private final Limits limits;
    private final Map<String, Exchange> all = new ConcurrentHashMap<>();
    private volatile boolean running = true;
    private boolean gone;

    /** @param broker the broker's name in errors */
    Exchanges(String broker, Limits limits) {
        this.broker = broker;
        this.limits = limits;
    }

    boolean running() {
        return running;
    }

    void requireRunning() {
        if (!running) {
            throw Failures.stopped(broker);
        }
    }

    // ---- faults

    /** Returns the sends that waited for room; reports nothing while the monitor is held. */
    synchronized List<PendingSend> halt() {
        running = false;
        List<PendingSend> refused = new ArrayList<>();
        for (Exchange exchange : all.values()) {
            exchange.lock();
            try {
                exchange.available = false;
                refused.addAll(exchange.withdraw(send -> true));
                exchange.disconnect(member -> true);
            } finally {
                exchange.unlock();
            }
        }
        return refused;
    }

    /** Answers again after {@link #halt}, unless it was {@link #clear cleared}. */
    synchronized void start() {
        if (gone) {
            return;
        }
        running = true;
        for (Exchange exchange : all.values()) {
            exchange.lock();
            exchange.available = true;
            exchange.unlock();
        }
    }

    /** Halts permanently and forgets everything; returns the sends that waited for room. */
    synchronized List<PendingSend> clear() {
        gone = true;
        List<PendingSend> refused = halt();
        all.clear();
        return refused;
    }

    /** Gives back what this client received and did not settle; its sends that wait for room end as UNKNOWN. */
    void cut(ClientSession session) {
        Predicate<Member> mine = member -> member.session() == session;
        for (Exchange exchange : all.values()) {
            List<PendingSend> unknown;
            List<PendingSend> stored;
            exchange.lock();
            try {
                unknown = exchange.withdraw(send -> send.port().session() == session);
                stored = exchange.drain();
                exchange.disconnect(mine);
            } finally {
                exchange.unlock();
            }
            PendingSend.confirm(stored);
            if (!unknown.isEmpty()) {
                PendingSend.unknown(unknown, Failures.disconnected(broker, session.clientName()));
            }
        }
    }

    // ---- looking in

    /** All queues and subscriptions, by path. */
    List<QueueMetrics> metrics() {
        List<QueueMetrics> found = new ArrayList<>();
        for (Exchange exchange : all.values()) {
            exchange.lock();
            try {
                exchange.queues().forEach(queue -> found.add(queue.metrics()));
            } finally {
                exchange.unlock();
            }
        }
        found.sort(Comparator.comparing(QueueMetrics::path));
        return found;
    }

    /** Looks at one queue or subscription; empty when there is none. */
    <R> Optional<R> inside(String path, Function<MessageQueue, R> look) {
        for (Exchange exchange : all.values()) {
            exchange.lock();
            try {
                MessageQueue queue = exchange.queue(path);
                if (queue != null) {
                    return Optional.of(look.apply(queue));
                }
            } finally {
                exchange.unlock();
            }
        }
        return Optional.empty();
    }

    // ---- declaring and finding

    synchronized void declare(Address address, boolean create) {
        requireRunning();
        if (address instanceof Address.OfSource source) {
            declareSource(source, create);
        } else if (address instanceof Address.Redelivery redelivery) {
            declareSource(redelivery.origin(), create);
        } else {
            exchange(Names.destination(address), true, address.ordering(), create);
        }
    }

    private void declareSource(Address.OfSource source, boolean create) {
        boolean ofTopic = source instanceof Address.OfSubscription;
        Exchange exchange = exchange(Names.destination(source), ofTopic, source.ordering(), create);
        exchange.lock();
        try {
            if (exchange.queue(Names.path(source)) == null) {
                if (!create) {
                    throw Failures.notFound(source.toString());
                }
                exchange.addSubscription(Names.path(source));
            }
        } finally {
            exchange.unlock();
        }
    }

    private Exchange exchange(String destination, boolean topic, Ordering ordering, boolean create) {
        Exchange found = all.get(destination);
        if (found == null && create) {
            found = new Exchange(destination, topic, ordering, limits, running);
            all.put(destination, found);
        }
        return check(found, destination, topic, ordering);
    }

    private static Exchange check(@Nullable Exchange found, String destination, boolean topic, Ordering ordering) {
        if (found == null) {
            throw Failures.notFound((topic ? "topic " : "queue ") + destination);
        }
        if (found.topic != topic) {
            throw Declaration.otherKind(destination, found.topic ? Declaration.TOPIC : Declaration.QUEUE);
        }
        if (found.ordering != ordering) {
            throw Declaration.otherOrdering(found.toString(), found.ordering.name(), ordering);
        }
        return found;
    }

    Exchange exchangeOf(Address address) {
        requireRunning();
        String destination = Names.destination(address);
        if (address instanceof Address.OfTopic) {
            return check(all.get(destination), destination, true, address.ordering());
        }
        Address.OfSource source = sourceOf(address);
        return check(all.get(destination), destination, source instanceof Address.OfSubscription, source.ordering());
    }

    MessageQueue queueOf(Exchange exchange, Address address) {
        Address.OfSource source = sourceOf(address);
        exchange.lock();
        try {
            MessageQueue queue = exchange.queue(Names.path(source));
            if (queue == null) {
                throw Failures.notFound(source.toString());
            }
            return queue;
        } finally {
            exchange.unlock();
        }
    }

    private static Address.OfSource sourceOf(Address address) {
        if (address instanceof Address.OfSource source) {
            return source;
        }
        if (address instanceof Address.Redelivery redelivery) {
            return redelivery.origin();
        }
        throw new IllegalArgumentException(address + " cannot be received from; receive from one of its subscriptions");
    }
}
