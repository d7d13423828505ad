package io.anymq.activemq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.brokers.Certificates;
import io.anymq.tck.brokers.TlsContract;
import java.util.List;
import java.util.Map;

/** ActiveMQ Classic and Artemis with an encrypted connector. */
class ActiveMqTlsIT extends TlsContract {
    @Override
    protected List<BrokerKind> brokers() {
        return List.of(BrokerKind.ACTIVEMQ, BrokerKind.ARTEMIS);
    }

    @Override
    protected BrokerOptions listening(
            BrokerKind broker, int port, Certificates certificates, Certificates.Owner owner, boolean mutual) {
        boolean classic = broker == BrokerKind.ACTIVEMQ;
        String uri = (classic ? "ssl" : "tcp") + "://127.0.0.1:" + port;
        BrokerOptions options = BrokerOptions.defaults()
                .withSetting("tls.uri", classic && mutual ? uri + "?needClientAuth=true" : uri)
                .withSetting("tls.keyStorePath", certificates.keyStore(owner).toString())
                .withSetting("tls.keyStorePassword", Certificates.PASSWORD);
        if (!mutual) {
            return options;
        }
        options = options.withSetting(
                        "tls.trustStorePath",
                        certificates.trustStore(Certificates.Owner.CLIENT).toString())
                .withSetting("tls.trustStorePassword", Certificates.PASSWORD);
        return classic ? options : options.withSetting("tls.needClientAuth", "true");
    }

    @Override
    protected String url(BrokerKind broker, String address) {
        return "activemq://" + address;
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return ActiveMqConnection.open(context);
    }

    @Override
    protected Login login(String user, String password, String address) {
        return new Login("activemq://" + user + ":" + password + "@" + address, Map.of());
    }
}
