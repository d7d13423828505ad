package io.anymq.kafka;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.tck.direct.SpiContext;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One real broker for all tests of this JVM that do not break it; it ends with the JVM. Also plain vendor clients. */
final class SharedBroker {

    private SharedBroker() {}

    private static final class Holder {
        static final LocalBroker BROKER = LocalBrokers.start(BrokerKind.KAFKA);
    }

    static String url() {
        return Holder.BROKER.url();
    }

    static KafkaConnection connect(Map<String, String> options) {
        return KafkaConnection.open(SpiContext.of(url(), options));
    }

    static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", Holder.BROKER.bootstrap()));
    }

    static KafkaProducer<String, String> plainProducer() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", Holder.BROKER.bootstrap());
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    static KafkaConsumer<String, String> plainConsumer(String group) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", Holder.BROKER.bootstrap());
        settings.put("group.id", group);
        settings.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }
}
