package io.anymq.rabbitmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.brokers.Certificates;
import io.anymq.tck.brokers.TlsContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** A RabbitMQ node with a TLS listener. */
@Tag("rabbitmq")
class RabbitMqTlsIT extends TlsContract {
    @Override
    protected List<BrokerKind> brokers() {
        return List.of(BrokerKind.RABBITMQ);
    }

    @Override
    protected BrokerOptions listening(
            BrokerKind broker, int port, Certificates certificates, Certificates.Owner owner, boolean mutual) {
        return BrokerOptions.defaults()
                .withSetting("default_user", "bob")
                .withSetting("default_pass", SECRET)
                .withSetting("listeners.ssl.1", "127.0.0.1:" + port)
                .withSetting(
                        "ssl_options.certfile", certificates.certificate(owner).toString())
                .withSetting("ssl_options.keyfile", certificates.key(owner).toString())
                .withSetting(
                        "ssl_options.cacertfile",
                        certificates.authority(Certificates.Owner.CLIENT).toString())
                .withSetting("ssl_options.verify", mutual ? "verify_peer" : "verify_none")
                .withSetting("ssl_options.fail_if_no_peer_cert", Boolean.toString(mutual));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return RabbitMqConnection.open(context);
    }

    @Override
    protected String url(BrokerKind broker, String address) {
        return login("bob", SECRET, address).url();
    }

    @Override
    protected Login login(String user, String password, String address) {
        return new Login("rabbitmq://" + user + ":" + password + "@" + address, Map.of());
    }
}
