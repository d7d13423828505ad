package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.InboundMessage;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.wrap.ForwardingInbound;
import io.anymq.tck.wrap.ForwardingOutbound;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RabbitMqTranslatorTest {
    private static MessagingException closed(int code, String text) {
        ShutdownSignalException signal = new ShutdownSignalException(
                false,
                false,
                new AMQP.Channel.Close.Builder().replyCode(code).replyText(text).build(),
                null);
        return RabbitMqTranslator.error("testing", new IOException(signal));
    }

    @Test
    void theServersWordsGetACodeAndACure() {
        MessagingException error = closed(404, "NOT_FOUND - no queue 'x' in vhost '/'");
        assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(error.isRetryable()).isFalse();
        assertThat(error)
                .hasMessage("testing failed: the server says 'NOT_FOUND - no queue 'x' in vhost '/''; create it;"
                        + " anymq.provision=create does so whenever a producer or consumer is opened");
        assertThat(closed(320, "CONNECTION_FORCED").isRetryable()).isTrue();
    }

    @Test
    void whatTheServerDidNotSay() {
        assertThat(RabbitMqTranslator.error("x", new IOException("Broken pipe")).code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(RabbitMqTranslator.error("x", new TimeoutException()).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(RabbitMqTranslator.error("x", new IllegalStateException("odd"))
                        .code())
                .isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void reservedHeadersTravelEscaped() {
        Outgoing message = new Outgoing("i", "k", new byte[0], Map.of("CC", "a", "x-death", "b", "x-mine", "c"));
        Map<String, Object> headers =
                RabbitMqTranslator.properties(message, Map.of()).getHeaders();
        assertThat(headers).containsKeys("mq-as-CC", "mq-as-x-death", "x-mine").doesNotContainKeys("CC", "x-death");
        assertThat(ReservedHeaders.unescape("mq-as-CC")).isEqualTo("CC");
    }

    private static BasicProperties storedAgain(BasicProperties original) {
        InboundMessage received = new ForwardingInbound(null) {
            @Override
            public <V> Optional<V> unwrap(Class<V> type) {
                return Optional.of(type.cast(new Delivery(null, original, new byte[0])));
            }
        };
        return RabbitMqTranslator.properties(
                new ForwardingOutbound(Outgoing.text("i", null, "x")) {
                    @Override
                    public InboundMessage received() {
                        return received;
                    }
                },
                Map.of());
    }

    @Test
    void whatIsStoredAgainNeitherExpiresNorClaimsAUser() {
        BasicProperties again = storedAgain(new BasicProperties.Builder()
                .expiration("5")
                .userId("somebody")
                .deliveryMode(1)
                .build());
        assertThat(again.getExpiration()).isNull();
        assertThat(again.getHeaders()).containsEntry("mq-expiration", "5");
        assertThat(storedAgain(again).getHeaders()).containsEntry("mq-expiration", "5");
        assertThat(again.getUserId()).isNull();
        assertThat(again.getDeliveryMode()).isEqualTo(2);
    }

    /** The client library would refuse it, and the message could not become a dead letter. */
    @Test
    void aPropertyThatHasGrownIsLeftOut() {
        BasicProperties again = storedAgain(new BasicProperties.Builder()
                .appId("\uFFFD".repeat(100))
                .type("t")
                .build());
        assertThat(again.getAppId()).isNull();
        assertThat(again.getType()).isEqualTo("t");
    }

    @Test
    void aLongIdGoesIntoAHeader() {
        String id = "ü".repeat(200);
        Outgoing message = Outgoing.text(id, null, "x");
        var properties = RabbitMqTranslator.properties(message, Map.of());
        assertThat(properties.getMessageId()).isNull();
        assertThat(RabbitMqTranslator.id(properties)).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({"3.10.8, 3", "4.1.0, 4", "4.0.0-rc.1, 4", "nonsense, 0"})
    void versionsAreRead(String version, int major) {
        assertThat(new RabbitMqServer("RabbitMQ", version).major()).isEqualTo(major);
    }
}
