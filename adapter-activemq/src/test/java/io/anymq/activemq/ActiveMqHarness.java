package io.anymq.activemq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.MalformedMessages;
import io.anymq.tck.NativeType;
import io.anymq.tck.brokers.LocalBrokerHarness;
import io.anymq.tck.brokers.ProxiedBroker;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.command.Message;

/** A broker of its own, Classic or Artemis, because rules kill and suspend it. */
final class ActiveMqHarness extends LocalBrokerHarness {
    private final MalformedMessages malformed;
    private final ForeignMessages foreign;

    ActiveMqHarness(BrokerKind kind, Map<String, String> brokerSettings, Map<String, String> settings) {
        this(ProxiedBroker.start(kind, options(brokerSettings)), settings);
    }

    private ActiveMqHarness(ProxiedBroker broker, Map<String, String> settings) {
        this(broker, broker.broker().kind() == BrokerKind.ARTEMIS, settings);
    }

    private ActiveMqHarness(ProxiedBroker broker, boolean artemis, Map<String, String> settings) {
        this(broker, new ActiveMqPlainClient(broker.broker().directBootstrap(), artemis), artemis, settings);
    }

    private ActiveMqHarness(
            ProxiedBroker broker, ActiveMqPlainClient plain, boolean artemis, Map<String, String> settings) {
        super(broker, plain, settings);
        this.malformed = new ActiveMqMalformed(plain, artemis);
        this.foreign = new ActiveMqForeign(plain);
    }

    @Override
    public Optional<ForeignMessages> foreign() {
        return Optional.of(foreign);
    }

    @Override
    public Optional<MalformedMessages> malformed() {
        return Optional.of(malformed);
    }

    private static BrokerOptions options(Map<String, String> brokerSettings) {
        // Rules kill the broker and look for what was confirmed; KahaDB confirms too early unless it forces each write.
        BrokerOptions options = BrokerOptions.defaults().withHeapMegabytes(512).withDurability(Durability.POWER);
        for (Map.Entry<String, String> setting : brokerSettings.entrySet()) {
            options = options.withSetting(setting.getKey(), setting.getValue());
        }
        return options;
    }

    @Override
    public Map<NativeType, Class<?>> nativeTypes() {
        return Map.of(
                NativeType.CLIENT, ActiveMQConnection.class,
                NativeType.PRODUCER, ActiveMQConnection.class,
                NativeType.CONSUMER, ActiveMQConnection.class,
                NativeType.DELIVERY, Message.class);
    }

    @Override
    public Set<String> reservedHeaders() {
        return Set.of(
                "AMQ_SCHEDULED_CRON", "JMSXUserID", "_AMQ_ROUTING_TYPE", "_AMQ_ORIG_ADDRESS", "_AMQ_INGRESS_TIMESTAMP");
    }

    @Override
    public Map<String, String> livenessSettings() {
        return Map.of("anymq.activemq.transport.wireFormat.maxInactivityDuration", "6000");
    }
}
