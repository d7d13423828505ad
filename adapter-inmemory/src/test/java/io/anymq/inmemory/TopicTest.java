package io.anymq.inmemory;

import static io.anymq.inmemory.Client.AT_ONCE;
import static io.anymq.inmemory.Client.ids;
import static io.anymq.inmemory.Client.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.VirtualTime;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicTest {
    private static final Topic SIGNUPS = Topic.of("signups");
    private static final Address TOPIC = new Address.OfTopic(SIGNUPS);
    private static final Subscription MAIL = SIGNUPS.subscription("mail");
    private static final Subscription CRM = SIGNUPS.subscription("crm");

    private final VirtualTime time = new VirtualTime();
    private final Client client = Client.connect("inmemory:", "shop", Map.of("queue-messages", 3L), time);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void everySubscriptionGetsItsOwnCopyFromWhenItWasMade() {
        BrokerSender sender = client.sender(TOPIC);
        assertThat(send(sender, Sent.of("no subscriber")).get(0).outcomeNow()).isEqualTo(Sent.Outcome.CONFIRMED);
        client.provision(new Address.OfSubscription(MAIL));
        send(sender, Sent.keyed("a", "k"));
        client.provision(new Address.OfSubscription(CRM), new Address.OfSubscription(CRM));
        send(sender, Sent.keyed("b", "k"));

        List<? extends InboundMessage> mail =
                client.receiver(new Address.OfSubscription(MAIL)).receive(10, AT_ONCE);
        BrokerReceiver crmReceiver = client.receiver(new Address.OfSubscription(CRM));
        List<? extends InboundMessage> crm = crmReceiver.receive(10, AT_ONCE);

        assertThat(ids(mail)).containsExactly("a", "b");
        assertThat(ids(crm)).containsExactly("b");
        assertThat(crm.get(0).body())
                .as("shared, not copied")
                .isSameAs(mail.get(1).body());
        crmReceiver.acknowledge(crm);
        assertThat(client.broker().browse("signups/mail")).hasSize(2);
        assertThat(client.broker().browse("signups/crm")).isEmpty();
    }

    @Test
    void aSubscriptionOutlivesItsReceivers() {
        Address mail = new Address.OfSubscription(MAIL);
        client.receiver(mail).close(Duration.ZERO);
        send(client.sender(TOPIC), Sent.of("a"));

        assertThat(ids(client.receiver(mail).receive(10, AT_ONCE))).containsExactly("a");
    }

    @Test
    void aMessageIsStoredInEverySubscriptionOrInNone() {
        client.provision(new Address.OfSubscription(MAIL), new Address.OfSubscription(CRM));
        BrokerReceiver mail = client.receiver(new Address.OfSubscription(MAIL));
        BrokerSender sender = client.sender(TOPIC);
        send(sender, Sent.of("a"), Sent.of("b"), Sent.of("c"));
        mail.acknowledge(mail.receive(10, AT_ONCE));

        Sent late = send(sender, Sent.of("d")).get(0);
        assertThat(late.outcomeNow()).as("crm is full").isNull();
        assertThat(mail.receive(10, AT_ONCE)).isEmpty();

        BrokerReceiver crm = client.receiver(new Address.OfSubscription(CRM));
        crm.acknowledge(crm.receive(1, AT_ONCE));
        assertThat(late.outcomeNow()).isEqualTo(Sent.Outcome.CONFIRMED);
        assertThat(ids(mail.receive(10, AT_ONCE))).containsExactly("d");
    }

    @Test
    void aRedeliveryReachesItsSubscriptionAlone() {
        client.provision(new Address.OfSubscription(MAIL), new Address.OfSubscription(CRM));
        BrokerSender back = client.sender(new Address.Redelivery(MAIL, 16));

        send(back, Sent.of("a"));

        assertThat(client.broker().browse("signups/mail"))
                .extracting(InMemoryBroker.StoredMessage::id)
                .containsExactly("a");
        assertThat(client.broker().browse("signups/crm")).isEmpty();
    }
}
