package io.anymq.activemq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.spi.Undecodable;
import java.util.Base64;
import java.util.HexFormat;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.util.ByteSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveMqMessageTest {
    private static ActiveMqMessage received(byte[] properties) {
        ActiveMQBytesMessage message = new ActiveMQBytesMessage();
        message.setMessageId(new MessageId("ID:host-1-2-3:4:5:6"));
        message.setGroupID("k");
        message.setTimestamp(17);
        message.setContent(new ByteSequence("body".getBytes(UTF_8)));
        message.setMarshalledProperties(new ByteSequence(properties));
        MessageDispatch dispatch = new MessageDispatch();
        dispatch.setMessage(message);
        return new ActiveMqMessage(dispatch, null, 1, 0, 1_000);
    }

    /** An unknown type, one entry of five, a count below zero, a huge count, and a text that is longer than all. */
    @ParameterizedTest
    @ValueSource(
            strings = {"000000010003616263630a", "00000005000901", "fffffffe", "7fffffff", "000000010001610d7fffffff00"
            })
    void propertiesThatCannotBeReadAreItsOwnMisfortune(String hex) {
        byte[] properties = HexFormat.of().parseHex(hex);
        ActiveMqMessage message = received(properties);
        assertThat(message.id()).isEqualTo("ID:host-1-2-3:4:5:6");
        assertThat(message.key()).isEqualTo("k");
        assertThat(message.sentAtMillis()).isEqualTo(17);
        assertThat(message.headers()).isEmpty();
        Undecodable undecodable = message.undecodable();
        assertThat(undecodable).isNotNull();
        assertThat(undecodable.cause().code()).isEqualTo(ErrorCode.DECODING);
        assertThat(undecodable.storedAs())
                .isEqualTo("properties=" + Base64.getEncoder().encodeToString(properties));
        assertThat(message.body()).isEqualTo("body".getBytes(UTF_8));
    }

    @Test
    void manyUnreadablePropertiesAreNotKept() {
        Undecodable undecodable = received(new byte[] {0, 0, 0, 9}).undecodable();
        assertThat(undecodable).isNotNull();
        byte[] many = new byte[9_000];
        many[3] = 9;
        many[5] = 1;
        many[7] = 99;
        Undecodable larger = received(many).undecodable();
        assertThat(larger).isNotNull();
        assertThat(larger.storedAs()).isEqualTo("properties");
    }
}
