package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.remoting.protocol.body.AclInfo;
import org.apache.rocketmq.remoting.protocol.body.UserInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that asks who is there and what they may do (RocketMQ's "ACL 2.0"). */
@Timeout(120)
class RocketMqAuthenticationIT {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final String SECRET = "topsecret";
    private static final String AUTH = "org.apache.rocketmq.auth.";

    private static LocalBroker broker;
    private static RocketMqConnection admin;

    @BeforeAll
    static void start() {
        broker = LocalBrokers.start(
                BrokerKind.ROCKETMQ,
                BrokerOptions.defaults()
                        .withSetting("authenticationEnabled", "true")
                        .withSetting(
                                "authenticationProvider",
                                AUTH + "authentication.provider.DefaultAuthenticationProvider")
                        .withSetting(
                                "authenticationMetadataProvider",
                                AUTH + "authentication.provider.LocalAuthenticationMetadataProvider")
                        .withSetting(
                                "initAuthenticationUser", "{\"username\":\"admin\",\"password\":\"" + SECRET + "\"}")
                        .withSetting(
                                "innerClientAuthenticationCredentials",
                                "{\"accessKey\":\"admin\",\"secretKey\":\"" + SECRET + "\"}")
                        .withSetting("authorizationEnabled", "true")
                        .withSetting(
                                "authorizationProvider", AUTH + "authorization.provider.DefaultAuthorizationProvider")
                        .withSetting(
                                "authorizationMetadataProvider",
                                AUTH + "authorization.provider.LocalAuthorizationMetadataProvider"));
        admin = as("admin", SECRET);
    }

    @AfterAll
    static void end() {
        if (admin != null) {
            admin.close(BOUND);
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static RocketMqConnection as(String user, String password) {
        return RocketMqConnection.open(SpiContext.of(
                broker.url(),
                Map.of(
                        RocketMqConfig.ACCESS_KEY,
                        user,
                        RocketMqConfig.SECRET_KEY,
                        password,
                        RocketMqConfig.QUEUES,
                        "2"),
                SHORT));
    }

    private static Address queue(String name) {
        return new Address.OfQueue(Queue.of(name));
    }

    private static void passes(RocketMqConnection connection, Address address) throws Exception {
        BrokerSender sender = connection.openSender(address, new SenderOptions(10, BOUND));
        Outgoing message = Outgoing.text(SpiContext.uniqueName("m"), "key", "x");
        sender.send(message);
        Outgoing.Ended ended = message.await(BOUND);
        assertThat(ended.error()).isNull();
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "allowed", 10)) {
            List<InboundMessage> received = receiver.receiveCount(1);
            assertThat(received).extracting(InboundMessage::id).containsExactly(message.id());
            receiver.acknowledge(received);
        }
        sender.close(BOUND);
    }

    private static void refused(ErrorCode code, String cure, Callable<?> attempt) {
        long start = System.nanoTime();
        MessagingException error = catchThrowableOfType(MessagingException.class, attempt::call);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(2));
        assertThat(error).isNotNull().hasMessageContaining(cure);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.isRetryable()).isFalse();
        assertThat(error.toString()).doesNotContain(SECRET);
    }

    @Test
    void whoSaysWhoTheyAreMayDoWhatTheyMay() throws Exception {
        Address address = queue("admins");
        admin.provision(address, ProvisionMode.CREATE);
        passes(admin, address);
    }

    @Test
    void strangersAreRefusedWhenTheyConnect() {
        String cure = "check anymq.rocketmq.access-key and secret-key";
        refused(ErrorCode.AUTHENTICATION, cure, () -> as("admin", "wrong"));
        refused(ErrorCode.AUTHENTICATION, cure, () -> as("unknown", SECRET));
        refused(
                ErrorCode.AUTHENTICATION,
                cure,
                () -> RocketMqConnection.open(SpiContext.of(broker.url(), Map.of(), SHORT)));
    }

    @Test
    void aUserNeedsWhatTheDocumentationLists() throws Exception {
        Address address = queue("orders");
        admin.provision(address, ProvisionMode.CREATE);
        BrokerSender sender = admin.openSender(address, new SenderOptions(10, BOUND));
        MQClientAPIImpl api = sender.unwrap(MQClientAPIImpl.class).orElseThrow();
        String at = broker.listenAddress();
        api.createUser(at, UserInfo.of("app", SECRET, "Normal"), BOUND.toMillis());
        RocketMqConnection app = as("app", SECRET);
        String cure = "grant the user the RocketMQ permissions listed in docs/brokers/rocketmq.md";
        refused(ErrorCode.AUTHORIZATION, cure, () -> {
            app.provision(queue("another"), ProvisionMode.CREATE);
            return null;
        });
        refused(ErrorCode.AUTHORIZATION, cure, () -> new SteppedReceiver(app, address, "forbidden", 10));
        BrokerSender forbidden = app.openSender(address, new SenderOptions(10, BOUND));
        Outgoing message = Outgoing.text("forbidden", "key", "x");
        forbidden.send(message);
        Outgoing.Ended ended = message.await(BOUND);
        assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
        assertThat(ended.error().code()).isEqualTo(ErrorCode.AUTHORIZATION);
        assertThat(ended.error()).hasMessageContaining(cure);

        api.createAcl(
                at,
                AclInfo.of("User:app", List.of("Topic:orders"), List.of("Pub", "Sub", "Get"), List.of(), "Allow"),
                BOUND.toMillis());
        api.updateAcl(
                at,
                AclInfo.of(
                        "User:app",
                        List.of("Topic:anymq-marks-queue-orders", "Topic:anymq-redelivery-queue-orders"),
                        List.of("Pub", "Sub", "Get"),
                        List.of(),
                        "Allow"),
                BOUND.toMillis());
        api.updateAcl(
                at,
                AclInfo.of("User:app", List.of("Group:anymq-queue-orders"), List.of("Sub"), List.of(), "Allow"),
                BOUND.toMillis());
        app.provision(address, ProvisionMode.VALIDATE);
        passes(app, address);
        app.close(BOUND);
        sender.close(BOUND);
    }
}
