package io.anymq.tck;

import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.wrap.SystemTime;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Looks into the embedded broker and stores messages in it, without an AnyMQ client. */
public final class InMemoryPlainClient implements PlainPlaces {
    private static final Duration BOUND = Duration.ofSeconds(5);

    private final InMemoryBroker broker;

    /** A client of this broker. */
    public InMemoryPlainClient(InMemoryBroker broker) {
        this.broker = broker;
    }

    @Override
    public List<PlainMessage> read(String queue, int expected, Duration bound) {
        if (expected > 0 && !bound.isZero()) {
            try {
                Awaitility.await()
                        .atMost(bound)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> broker.browse(queue).size() >= expected);
            } catch (ConditionTimeoutException e) {
                return look(queue);
            }
        }
        return look(queue);
    }

    private List<PlainMessage> look(String queue) {
        return broker.browse(queue).stream()
                .map(stored -> new PlainMessage(
                        stored.id(), stored.key(), stored.body(), stored.contentType(), stored.headers()))
                .toList();
    }

    @Override
    public String name(String word) {
        return word + " placed/v1";
    }

    @Override
    public String impossibleName() {
        return null;
    }

    @Override
    public String createQueue(String word) {
        return inSession(session -> {
            Queue any = Queue.of("any").unordered();
            session.declare(new Address.OfQueue(any, name(word)), true);
            return name(word);
        });
    }

    private static Address.OfTopic topicAddress(String topic) {
        return new Address.OfTopic(Topic.of("any").unordered(), topic);
    }

    @Override
    public String createTopic(String word) {
        return inSession(session -> {
            session.declare(topicAddress(name(word)), true);
            return name(word);
        });
    }

    @Override
    public String createSubscription(String topic, String word) {
        return inSession(session -> {
            Address.OfTopic address = topicAddress(topic);
            session.declare(new Address.OfSubscription(address.topic().subscription("any"), name(word), address), true);
            return name(word);
        });
    }

    private <R> R inSession(Function<InMemoryBroker.Session, R> action) {
        InMemoryBroker.Session session = broker.connect("plain-client", new SystemTime());
        try {
            return action.apply(session);
        } finally {
            session.close();
        }
    }

    @Override
    public void publish(String topic, PlainMessage message) throws Exception {
        store(topicAddress(topic), message);
    }

    @Override
    public List<PlainMessage> readSubscription(String topic, String name, int expected, Duration bound) {
        return read(topic + "/" + name, expected, bound);
    }

    @Override
    public void send(String queue, PlainMessage message) throws Exception {
        store(inSession(session -> address(session, queue)), message);
    }

    private void store(Address address, PlainMessage message) throws Exception {
        InMemoryBroker.Session session = broker.connect("plain-client", new SystemTime());
        try {
            String contentType = message.contentType() == null ? "" : message.contentType();
            Outgoing outgoing = new Outgoing(message.id(), message.key(), message.body(), message.headers())
                    .contentType(contentType)
                    .sentAtMillis(0);
            session.publisher(address, BOUND).publish(outgoing);
            MessagingException error = outgoing.await(BOUND).error();
            if (error != null) {
                throw error;
            }
        } finally {
            session.close();
        }
    }

    /** A plain client does not know how the queue was declared. */
    private static Address address(InMemoryBroker.Session session, String queue) {
        MessagingException last = null;
        for (Ordering ordering : Ordering.values()) {
            Address address = new Address.OfQueue(new Queue("any", ordering), queue);
            try {
                session.declare(address, false);
                return address;
            } catch (MessagingException e) {
                last = e;
            }
        }
        throw last;
    }
}
