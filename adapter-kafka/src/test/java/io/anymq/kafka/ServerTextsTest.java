package io.anymq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.anymq.MessagingException;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class ServerTextsTest {
    @Test
    void theClientSaysThatNoHostIsKnown() {
        Throwable failure =
                catchThrowable(() -> Admin.create(Map.of("bootstrap.servers", "no-such-host.invalid:9092")));

        MessagingException error = KafkaTranslator.error("connecting", failure);

        assertThat(ServerTexts.UNKNOWN_HOSTS.isIn(error)).isTrue();
        assertThat(ServerTexts.UNKNOWN_HOSTS.isIn(new IllegalStateException("closed")))
                .isFalse();
    }
}
