package io.anymq.kafka;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.tck.brokers.SharedBrokers;
import io.anymq.tck.direct.SpiContext;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The broker that tests share, and the vendor's own clients for it. */
final class SharedBroker {
    private SharedBroker() {}

    private static LocalBroker broker() {
        return SharedBrokers.of(BrokerKind.KAFKA);
    }

    static String url() {
        return broker().url();
    }

    static KafkaConnection connect(Map<String, String> options) {
        return KafkaConnection.open(SpiContext.of(url(), options));
    }

    static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker().bootstrap()));
    }

    static KafkaProducer<String, String> plainProducer() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", broker().bootstrap());
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    static KafkaProducer<String, String> transactionalProducer(String id) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", broker().bootstrap());
        settings.put("transactional.id", id);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    static KafkaConsumer<String, String> plainConsumer(String group) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", broker().bootstrap());
        settings.put("group.id", group);
        settings.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }
}
