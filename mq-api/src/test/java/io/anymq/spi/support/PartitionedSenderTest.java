package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionedSenderTest {
    private final List<Part> parts = Stream.generate(Part::new).limit(3).toList();
    private final PartitionedSender sender = new PartitionedSender(parts);

    @Test
    void aKeyStaysWithOneSenderAndKeysAreSpread() {
        for (int i = 0; i < 60; i++) {
            sender.send(new Sent("id-" + i, "key-" + i % 20));
        }
        assertThat(parts).allSatisfy(part -> assertThat(part.sent).isNotEmpty());
        for (int key = 0; key < 20; key++) {
            String wanted = "key-" + key;
            assertThat(parts.stream().filter(part -> part.keys().contains(wanted)))
                    .singleElement()
                    .satisfies(part ->
                            assertThat(part.keys()).filteredOn(wanted::equals).hasSize(3));
        }
    }

    @Test
    void messagesWithoutAKeyAreSpread() {
        for (int i = 0; i < 60; i++) {
            sender.send(new Sent("id-" + i));
        }
        assertThat(parts).allSatisfy(part -> assertThat(part.sent).isNotEmpty());
    }

    @Test
    void closingClosesAllWithinTheTime() {
        sender.close(Duration.ofSeconds(5));
        assertThat(parts)
                .allSatisfy(
                        part -> assertThat(part.closedWithin).isNotNull().isLessThanOrEqualTo(Duration.ofSeconds(5)));
    }

    @Test
    void itGivesWhatTheFirstGives() {
        assertThat(sender.unwrap(Part.class)).containsSame(parts.get(0));
    }

    private static final class Part implements BrokerSender {
        final List<OutboundMessage> sent = new ArrayList<>();

        @Nullable
        Duration closedWithin;

        List<@Nullable String> keys() {
            List<@Nullable String> keys = new ArrayList<>();
            sent.forEach(message -> keys.add(message.key()));
            return keys;
        }

        @Override
        public void send(OutboundMessage message) {
            sent.add(message);
        }

        @Override
        public <V> Optional<V> unwrap(Class<V> type) {
            return Optional.of(type.cast(this));
        }

        @Override
        public void close(Duration timeout) {
            closedWithin = timeout;
        }
    }
}
