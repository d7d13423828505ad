package io.anymq.kafka;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.brokers.Certificates;
import io.anymq.tck.brokers.TlsContract;
import java.util.List;
import java.util.Map;

/** A Kafka node with one more listener, for TLS. */
class KafkaTlsIT extends TlsContract {
    @Override
    protected List<BrokerKind> brokers() {
        return List.of(BrokerKind.KAFKA);
    }

    @Override
    protected BrokerOptions listening(
            BrokerKind broker, int port, Certificates certificates, Certificates.Owner owner, boolean mutual) {
        return BrokerOptions.defaults()
                .withSetting("tls.listener", "127.0.0.1:" + port)
                .withSetting("ssl.keystore.type", "PKCS12")
                .withSetting(
                        "ssl.keystore.location", certificates.keyStore(owner).toString())
                .withSetting("ssl.keystore.password", Certificates.PASSWORD)
                .withSetting("ssl.truststore.type", "PKCS12")
                .withSetting(
                        "ssl.truststore.location",
                        certificates.trustStore(Certificates.Owner.CLIENT).toString())
                .withSetting("ssl.truststore.password", Certificates.PASSWORD)
                .withSetting("ssl.client.auth", mutual ? "required" : "none");
    }

    @Override
    protected Login login(String user, String password, String address) {
        return new Login(
                "kafka://" + address,
                Map.of(
                        "common.sasl.mechanism",
                        "PLAIN",
                        "common.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user
                                + "\" password=\"" + password + "\";"));
    }

    /** The broker knows a client by its certificate. */
    @Override
    protected Login loginAtServer(String password, String address) {
        return new Login("kafka://" + address, Map.of());
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return KafkaConnection.open(context);
    }
}
