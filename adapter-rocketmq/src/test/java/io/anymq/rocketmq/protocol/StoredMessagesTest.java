package io.anymq.rocketmq.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import org.junit.jupiter.api.Test;

class StoredMessagesTest {
    private static byte[] frame(long offset, int sysFlag) throws Exception {
        MessageExt message = new MessageExt();
        message.setTopic("t");
        message.setQueueId(3);
        message.setQueueOffset(offset);
        message.setSysFlag(sysFlag);
        message.setBornHost(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        message.setStoreHost(new InetSocketAddress(InetAddress.getLoopbackAddress(), 2));
        message.setBody(("body " + offset).getBytes(UTF_8));
        message.putUserProperty("n", Long.toString(offset));
        return MessageDecoder.encode(message, false);
    }

    private static byte[] joined(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(frames).forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Test
    void bodiesStayAsTheyAreStored() throws Exception {
        int zlib = MessageSysFlag.COMPRESSED_FLAG | MessageSysFlag.COMPRESSION_ZLIB_TYPE;
        List<MessageExt> messages = StoredMessages.read(joined(frame(7, 0), frame(8, zlib), frame(9, 0)));
        assertThat(messages).extracting(MessageExt::getQueueOffset).containsExactly(7L, 8L, 9L);
        assertThat(messages)
                .extracting(message -> new String(message.getBody(), UTF_8))
                .containsExactly("body 7", "body 8", "body 9");
        assertThat(messages.get(1).getSysFlag()).isEqualTo(zlib);
        assertThat(messages.get(2).getUserProperty("n")).isEqualTo("9");
    }

    @Test
    void oneWhoseFieldsDoNotFitIsKeptWholeAndThoseBehindItAreRead() throws Exception {
        byte[] broken = frame(8, 0);
        // the version of the message's format
        ByteBuffer.wrap(broken).putInt(MessageDecoder.MESSAGE_MAGIC_CODE_POSITION, 4711);
        List<MessageExt> messages = StoredMessages.read(joined(frame(7, 0), broken, frame(9, 0)));
        assertThat(messages).extracting(MessageExt::getQueueOffset).containsExactly(7L, 8L, 9L);
        assertThat(messages.get(1)).isInstanceOf(UnreadableMessage.class);
        assertThat(messages.get(1).getBody()).isEqualTo(broken);
        assertThat(messages.get(1).getQueueId()).isEqualTo(3);
    }

    @Test
    void nothingIsSteppedOverIfItIsNotToldWhereTheNextBegins() throws Exception {
        byte[] good = frame(7, 0);
        for (int claimed : new int[] {0, -1, 39, good.length + 1, Integer.MAX_VALUE}) {
            byte[] bad = frame(8, 0);
            ByteBuffer.wrap(bad).putInt(0, claimed);
            assertThatThrownBy(() -> StoredMessages.read(joined(good, bad)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(" " + claimed);
        }
        assertThatThrownBy(() -> StoredMessages.read(joined(good, new byte[3])))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
