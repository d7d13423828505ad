package io.anymq.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.StartPosition;
import io.anymq.Topic;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProvisioningTest {
    private static final SenderOptions SENDING = new SenderOptions(10, Duration.ofSeconds(1));
    private static final ReceiverOptions RECEIVING = new ReceiverOptions("r", 10, 64 << 20, Duration.ofSeconds(1));

    private final Client client = Client.connect("inmemory:", "shop");

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        Address queue = new Address.OfQueue(Queue.of("orders"));
        Address topic = new Address.OfTopic(Topic.of("signups"));
        Address subscription = new Address.OfSubscription(Topic.of("signups").subscription("mail"));
        Address redelivery = new Address.Redelivery(Queue.of("orders"), 16);
        for (Address address : new Address[] {queue, topic, subscription, redelivery}) {
            fails(ErrorCode.NOT_FOUND, () -> client.connection.provision(address, ProvisionMode.VALIDATE));
            client.connection.provision(address, ProvisionMode.NONE);
        }
        fails(ErrorCode.NOT_FOUND, () -> client.connection.openSender(queue, SENDING));
        fails(ErrorCode.NOT_FOUND, () -> client.connection.openSender(topic, SENDING));
        fails(ErrorCode.NOT_FOUND, () -> client.connection.openSender(redelivery, SENDING));
        fails(ErrorCode.NOT_FOUND, () -> client.connection.openReceiver(queue, RECEIVING, new Client.Lanes()));
        fails(ErrorCode.NOT_FOUND, () -> client.connection.openReceiver(subscription, RECEIVING, new Client.Lanes()));

        client.provision(topic);
        fails(ErrorCode.NOT_FOUND, () -> client.connection.openReceiver(subscription, RECEIVING, new Client.Lanes()));
        client.provision(queue, subscription, redelivery, queue);
        client.connection.provision(subscription, ProvisionMode.VALIDATE);
        client.connection.provision(redelivery, ProvisionMode.VALIDATE);
    }

    @Test
    void anotherOrderingIsAMismatch() {
        client.provision(new Address.OfQueue(Queue.of("orders")), new Address.OfTopic(Topic.of("signups")));
        Address loose = new Address.OfQueue(Queue.of("orders").unordered());
        Address total = new Address.OfTopic(Topic.of("signups").totalOrder());

        fails(ErrorCode.MISMATCH, () -> client.provision(loose));
        fails(ErrorCode.MISMATCH, () -> client.connection.openSender(loose, SENDING));
        fails(ErrorCode.MISMATCH, () -> client.connection.openReceiver(loose, RECEIVING, new Client.Lanes()));
        fails(ErrorCode.MISMATCH, () -> client.provision(total));
        fails(
                ErrorCode.MISMATCH,
                () -> client.provision(new Address.OfSubscription(
                        Topic.of("signups").totalOrder().subscription("mail"))));
    }

    @Test
    void aNameIsAQueueOrATopic() {
        client.provision(new Address.OfQueue(Queue.of("a")), new Address.OfTopic(Topic.of("b")));

        fails(ErrorCode.MISMATCH, () -> client.provision(new Address.OfTopic(Topic.of("a"))));
        fails(
                ErrorCode.MISMATCH,
                () -> client.provision(new Address.OfSubscription(Topic.of("a").subscription("s"))));
        fails(ErrorCode.MISMATCH, () -> client.provision(new Address.OfQueue(Queue.of("b"))));
    }

    @Test
    void whatCannotBeIsUnsupported() {
        Topic topic = Topic.of("signups");
        Address subscription = new Address.OfSubscription(topic.subscription("s"));
        client.provision(subscription, new Address.OfQueue(Queue.of("q")));

        fails(
                ErrorCode.UNSUPPORTED,
                () -> client.provision(new Address.OfSubscription(topic.subscription("s", StartPosition.EARLIEST))));
        fails(ErrorCode.UNSUPPORTED, () -> client.connection.openSender(subscription, SENDING));
        fails(
                ErrorCode.UNSUPPORTED,
                () -> client.connection.openReceiver(new Address.OfTopic(topic), RECEIVING, new Client.Lanes()));
        fails(
                ErrorCode.UNSUPPORTED,
                () -> client.connection.openReceiver(
                        new Address.Redelivery(Queue.of("q"), 16), RECEIVING, new Client.Lanes()));
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MessagingException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.isRetryable()).isFalse();
        });
    }
}
