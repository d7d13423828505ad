package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.anymq.ErrorCode;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.brokers.BrokerKind;
import io.anymq.tck.direct.SpiContext;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Physical names at the two servers, and where they differ. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ActiveMqMappedPlacesIT {
    private static final Topic EVENTS = Topic.of("events").unordered();
    private static final Queue ORDERS = Queue.of("orders").unordered();

    private final String word = SpiContext.uniqueName("mapped");

    private static MessagingClient client(BrokerKind kind, UnaryOperator<MessagingClient.Builder> names) {
        return names.apply(MessagingClient.builder().url(SharedBroker.of(kind).url()))
                .open();
    }

    private static ActiveMqPlainClient plain(BrokerKind kind) {
        return new ActiveMqPlainClient(SharedBroker.of(kind).bootstrap(), kind == BrokerKind.ARTEMIS);
    }

    private static void fails(ErrorCode code, String says, Runnable action) {
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(action::run)
                .withMessageContaining(says)
                .satisfies(error -> assertThat(error.code()).isEqualTo(code));
    }

    private static void goesRound(MessagingClient client, Queue queue) throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        client.consumer(queue, String.class).start(delivery -> received.add(delivery.body()));
        client.producer(queue, String.class).send("hello").get(20, TimeUnit.SECONDS);
        assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("hello");
    }

    @Test
    void artemisTakesAQueueOfAnotherAddress() throws Exception {
        String name = word + ".address::" + word + ".queue";
        try (MessagingClient client = client(BrokerKind.ARTEMIS, builder -> builder.physicalName(ORDERS, name))) {
            goesRound(client, ORDERS);
        }
        try (MessagingClient bare =
                client(BrokerKind.ARTEMIS, builder -> builder.physicalName(ORDERS, word + ".queue"))) {
            fails(ErrorCode.MISMATCH, "address::queue", () -> bare.provision(ORDERS));
        }
    }

    @Test
    void anArtemisQueueThatGetsNoCopiesIsNoSubscription() throws Exception {
        String shared = plain(BrokerKind.ARTEMIS).createQueue(word);
        for (String mode : new String[] {"create", "validate"}) {
            try (MessagingClient client = client(
                    BrokerKind.ARTEMIS,
                    builder -> builder.set("anymq.provision", mode)
                            .physicalName(EVENTS, shared)
                            .physicalName(EVENTS.subscription("s"), shared))) {
                fails(ErrorCode.MISMATCH, "MULTICAST", () -> client.provision(EVENTS.subscription("s")));
            }
        }
    }

    @Test
    void classicHasNoQueuesOfAddresses() {
        try (MessagingClient client = client(BrokerKind.ACTIVEMQ, builder -> builder.physicalName(ORDERS, "a::b"))) {
            fails(ErrorCode.INVALID_NAME, "a::b", () -> client.provision(ORDERS));
        }
    }

    @Test
    void aSubscriptionOfAPlainTopicOfClassicMustBeThere() throws Exception {
        String topic = word + ".events";
        try (MessagingClient client = client(
                BrokerKind.ACTIVEMQ,
                builder -> builder.physicalName(EVENTS, topic)
                        .physicalName(EVENTS.subscription("named"), word + ".named.placed.v1"))) {
            fails(
                    ErrorCode.MISMATCH,
                    "anymq.names.subscription.events/other",
                    () -> client.provision(EVENTS.subscription("other")));
            fails(ErrorCode.NOT_FOUND, topic, () -> client.provision(EVENTS.subscription("named")));
            plain(BrokerKind.ACTIVEMQ).createQueue(word + ".named");
            client.provision(EVENTS.subscription("named"));
        }
    }
}
