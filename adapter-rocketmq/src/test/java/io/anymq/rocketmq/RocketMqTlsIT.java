package io.anymq.rocketmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.LocalBroker;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.brokers.Certificates;
import io.anymq.tck.brokers.TlsContract;
import java.util.List;
import java.util.Map;

/** A name server and a broker that speak TLS on their only port, beside plain connections of each other. */
class RocketMqTlsIT extends TlsContract {
    @Override
    protected List<BrokerKind> brokers() {
        return List.of(BrokerKind.ROCKETMQ);
    }

    @Override
    protected BrokerOptions listening(
            BrokerKind broker, int port, Certificates certificates, Certificates.Owner owner, boolean mutual) {
        return BrokerOptions.defaults()
                .withSetting(
                        "tls.server.certPath", certificates.certificate(owner).toString())
                .withSetting("tls.server.keyPath", certificates.key(owner).toString())
                .withSetting("tls.server.need.client.auth", mutual ? "require" : "none")
                .withSetting("tls.server.authClient", Boolean.toString(mutual))
                .withSetting(
                        "tls.server.trustCertPath",
                        certificates.authority(Certificates.Owner.CLIENT).toString());
    }

    @Override
    protected String encrypted(LocalBroker broker, int port) {
        return broker.bootstrap();
    }

    @Override
    protected Login login(String user, String password, String address) {
        return new Login(
                "rocketmq://" + address, Map.of(RocketMqConfig.ACCESS_KEY, user, RocketMqConfig.SECRET_KEY, password));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return RocketMqConnection.open(context);
    }
}
