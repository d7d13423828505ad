package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.policy.Ordering;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.Undecodable;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.wrap.ForwardingInbound;
import io.anymq.tck.wrap.ForwardingOutbound;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.ResourceAllocationException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.activemq.MaxFrameSizeExceededException;
import org.apache.activemq.ScheduledMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.transport.RequestTimedOutIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveMqTranslatorTest {
    private static final ActiveMQQueue QUEUE = new ActiveMQQueue("q");

    private static ErrorCode code(Exception failure) {
        return ActiveMqTranslator.error("sending", failure).code();
    }

    private static JMSException caused(IOException cause) {
        JMSException e = new JMSException("outer");
        e.initCause(cause);
        return e;
    }

    @Test
    void errorsHaveTheirCodes() {
        assertThat(code(new JMSSecurityException("no"))).isEqualTo(ErrorCode.AUTHORIZATION);
        assertThat(ActiveMqTranslator.connectError("connecting", new JMSSecurityException("no"))
                        .code())
                .isEqualTo(ErrorCode.AUTHENTICATION);
        assertThat(code(new ResourceAllocationException("full"))).isEqualTo(ErrorCode.FULL);
        assertThat(code(new InvalidDestinationException("gone"))).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(ActiveMqTranslator.error("sending", new InvalidDestinationException("gone")))
                .as("create may be set already")
                .hasMessageContaining("anymq.provision=create does so")
                .hasMessageNotContaining("set anymq.provision=create");
        assertThat(code(caused(new RequestTimedOutIOException()))).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(code(caused(new MaxFrameSizeExceededException("large")))).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(code(caused(new IOException("reset")))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(code(new RuntimeException("bug"))).isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void onlyAFinalNoIsARefusal() {
        assertThat(ActiveMqTranslator.refusedByBroker(new JMSSecurityException("no")))
                .isTrue();
        assertThat(ActiveMqTranslator.refusedByBroker(caused(new IOException("reset"))))
                .isFalse();
        assertThat(ActiveMqTranslator.refusedByBroker(caused(new RequestTimedOutIOException())))
                .isFalse();
    }

    @Test
    void aMessageIsPersistentAndInItsKeysGroup() throws Exception {
        Outgoing message = new Outgoing("one", "k", new byte[] {1, 2}, Map.of("JMSXGroupID", "mine", "a b", "c"));
        ActiveMQMessage out = ActiveMqTranslator.message(QUEUE, Ordering.PER_KEY, message, true);
        assertThat(out.isPersistent()).isTrue();
        assertThat(out.getGroupID()).startsWith("key-");
        assertThat(out.getGroupSequence()).isZero();
        assertThat(out.getProperties())
                .containsEntry("mq-id", "one")
                .containsEntry("mq-key", "k")
                .containsEntry("mq-h-JMSXGroupID", "mine")
                .containsEntry("a b", "c")
                .doesNotContainKey(ScheduledMessage.AMQ_SCHEDULED_DELAY);
        assertThat(ActiveMqTranslator.message(QUEUE, Ordering.UNORDERED, message, true)
                        .getGroupID())
                .isNull();
        assertThat(ActiveMqTranslator.message(QUEUE, Ordering.TOTAL, message, true)
                        .getGroupID())
                .isEqualTo(KeyGroups.ALL);
    }

    private static ActiveMQMessage storedAgain(Ordering ordering, ActiveMQMessage original) throws Exception {
        InboundMessage received = new ForwardingInbound(null) {
            @Override
            public Undecodable undecodable() {
                return null;
            }

            @Override
            public <V> Optional<V> unwrap(Class<V> type) {
                return Optional.of(type.cast(original));
            }
        };
        OutboundMessage again = new ForwardingOutbound(Outgoing.text("one", "customer-7", "x")) {
            @Override
            public InboundMessage received() {
                return received;
            }
        };
        return ActiveMqTranslator.message(QUEUE, ordering, again, true);
    }

    @Test
    void aForeignGroupIsKeptWhereItIsTheKey() throws Exception {
        ActiveMQMessage foreign = new ActiveMQMessage();
        foreign.setGroupID("customer-7");
        ActiveMQMessage perKey = storedAgain(Ordering.PER_KEY, foreign);
        assertThat(perKey.getGroupID()).isEqualTo("customer-7");
        assertThat(perKey.getProperties()).doesNotContainKey("mq-key");
        ActiveMQMessage total = storedAgain(Ordering.TOTAL, foreign);
        assertThat(total.getGroupID()).isEqualTo(KeyGroups.ALL);
        assertThat(total.getProperties()).containsEntry("mq-key", "customer-7");
    }

    @Test
    void ourOwnGroupIsMadeOfTheKey() throws Exception {
        ActiveMQMessage own = new ActiveMQMessage();
        own.setGroupID("key-1");
        own.setProperty("mq-key", "customer-7");
        assertThat(storedAgain(Ordering.PER_KEY, own).getGroupID())
                .isEqualTo(KeyGroups.group(Ordering.PER_KEY, "customer-7"));
        assertThat(storedAgain(Ordering.UNORDERED, own).getGroupID()).isNull();
    }

    @Test
    void whatIsStoredAgainDoesNotExpire() throws Exception {
        ActiveMQMessage foreign = new ActiveMQMessage();
        foreign.setExpiration(1_700_000_000_000L);
        ActiveMQMessage letter = storedAgain(Ordering.UNORDERED, foreign);
        assertThat(letter.getExpiration()).isZero();
        assertThat(letter.getProperty("mq-expiration")).isEqualTo("1700000000000");
        assertThat(storedAgain(Ordering.UNORDERED, letter).getProperty("mq-expiration"))
                .isEqualTo("1700000000000");
    }

    @Test
    void theBrokerHoldsBackOnlyWhereItCan() throws Exception {
        Outgoing message = Outgoing.text("later", null, "x");
        message.deliverAtMillis(System.currentTimeMillis() + 60_000);
        assertThat(ActiveMqTranslator.message(QUEUE, Ordering.UNORDERED, message, true)
                        .getProperties())
                .containsKey(ScheduledMessage.AMQ_SCHEDULED_DELAY);
        assertThat(ActiveMqTranslator.message(QUEUE, Ordering.UNORDERED, message, false)
                        .getProperties())
                .containsKey("mq-deliver-at")
                .doesNotContainKey(ScheduledMessage.AMQ_SCHEDULED_DELAY);
    }

    @Test
    void keysSpreadOver256GroupsThatNeverChange() {
        Set<String> groups = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            groups.add(KeyGroups.group(Ordering.PER_KEY, "customer-" + i));
        }
        assertThat(groups).hasSize(KeyGroups.COUNT);
        assertThat(KeyGroups.group(Ordering.PER_KEY, "customer-1")).isEqualTo("key-166");
        assertThat(KeyGroups.group(Ordering.PER_KEY, null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JMSXGroupID", "AMQ_SCHEDULED_DELAY", "_AMQ_x", "__x", "scheduledJobId", "mq-h-x"})
    void namesThatMeanSomethingAreEscaped(String header) {
        assertThat(HeaderNames.escaped(header)).isEqualTo("mq-h-" + header);
        assertThat(HeaderNames.plain("mq-h-" + header)).isEqualTo(header);
    }
}
