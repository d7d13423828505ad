package io.anymq.bench.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.brokers.Durability;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokersTest {
    @Test
    void everyBrokerExplainsItself() {
        for (BrokerUnderTest broker : Brokers.all()) {
            assertThat(broker.parity()).isNotEmpty();
            for (Durability durability : Durability.values()) {
                assertThat(broker.guarantee(durability)).endsWith(".");
            }
            assertThat(broker.arm(BrokerUnderTest.ADAPTER)).isNotNull();
            assertThat(broker.arm(BrokerUnderTest.RAW)).isNotNull();
            assertThat(Brokers.named(broker.name())).isSameAs(broker);
        }
    }

    @Test
    void unknownNamesAreAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> Brokers.named("kafak"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inmemory, kafka");
    }

    @Test
    void twoBrokersOfOneNameAreAMistake() {
        BrokerUnderTest again = new InMemorySettings();
        assertThatThrownBy(() -> Brokers.withFound(List.of(again)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two brokers are called 'inmemory'");
    }

    @Test
    void rabbitMqArmsGetTheSameSettings() {
        BrokerUnderTest rabbit = Brokers.named("rabbitmq");
        for (Durability durability : Durability.values()) {
            Map<String, String> vendor = rabbit.vendorSettings(durability);
            rabbit.anymqSettings(durability).forEach((key, value) -> {
                String ours = key.substring("anymq.rabbitmq.".length());
                assertThat(vendor).containsEntry(ours, ours.equals("heartbeat") ? value.replace("s", "") : value);
            });
        }
        assertThat(rabbit.anymqSettings(Durability.POWER)).containsEntry("anymq.rabbitmq.queue-type", "quorum");
        assertThat(rabbit.anymqSettings(Durability.PROCESS)).containsEntry("anymq.rabbitmq.queue-type", "classic");
    }

    /** A ratio between differently tuned clients would say nothing about AnyMQ. */
    @Test
    void kafkaArmsGetTheSameSettings() {
        BrokerUnderTest kafka = Brokers.named("kafka");
        Map<String, String> vendor = kafka.vendorSettings(Durability.PROCESS);
        kafka.anymqSettings(Durability.PROCESS).forEach((key, value) -> {
            String ours = key.substring("anymq.kafka.".length());
            switch (ours) {
                case "partitions" -> assertThat(vendor).containsEntry("topic.partitions", value);
                case "group-protocol" -> assertThat(vendor).containsEntry("consumer.group.protocol", value);
                default -> assertThat(vendor).containsEntry(ours, value);
            }
        });
        assertThat(vendor)
                .containsEntry("producer.acks", "all")
                .containsEntry("producer.enable.idempotence", "true")
                .containsEntry("consumer.enable.auto.commit", "false");
    }
}
