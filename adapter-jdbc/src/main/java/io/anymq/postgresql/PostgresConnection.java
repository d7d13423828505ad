package io.anymq.postgresql;

import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import io.anymq.spi.support.CloseOnce;
import io.anymq.spi.support.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection for administration, health and notifying, one for leases and listening, and a few that senders and
 * receivers share. Each is opened when it is needed, and again when it is lost.
 */
final class PostgresConnection implements BrokerConnection {
    static final Logger LOG = LoggerFactory.getLogger(PostgresConnection.class);

    private final PostgresConfig config;
    private final Sessions sessions;
    private final ConnectionPool administration;
    private final PostgresClient client;
    private final PostgresProvisioner provisioner;
    private final Capabilities capabilities;
    private final Set<PostgresSender> senders = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private final CloseOnce state = new CloseOnce("the connection to PostgreSQL");

    private PostgresConnection(PostgresConfig config, Sessions sessions, Connection opened) {
        this.config = config;
        this.sessions = sessions;
        Duration answer = config.answerTimeout();
        this.administration = new ConnectionPool(sessions, answer, "administration", 1);
        administration.adopt(opened);
        Places places = new Places(config);
        ConnectionPool sending = new ConnectionPool(sessions, answer, "sending", config.sendConnections());
        ConnectionPool receiving = new ConnectionPool(sessions, answer, "receiving", config.receiveConnections());
        Wakes wakes = new Wakes(administration, config.clientName());
        LeaseKeeper leases = new LeaseKeeper(config, sessions, wakes);
        this.client =
                new PostgresClient(config, places, sending, receiving, wakes, leases, new Leftovers(receiving, wakes));
        this.provisioner = new PostgresProvisioner(config, administration, places);
        this.capabilities = Capabilities.builder()
                .with(Capability.TOPICS, Support.NATIVE)
                .with(Capability.START_EARLIEST, config.retention().isZero() ? Support.UNSUPPORTED : Support.NATIVE)
                .with(Capability.PER_KEY_ORDER, Support.NATIVE)
                .with(Capability.TOTAL_ORDER, Support.NATIVE)
                .with(Capability.DELAY, Support.NATIVE)
                .with(Capability.DELIVERY_COUNT, Support.EMULATED)
                .with(Capability.DURABLE, Support.NATIVE)
                .with(Capability.BROWSE, Support.UNSUPPORTED)
                .with(Capability.ATOMIC_CHAINING, Support.NATIVE)
                .maxBodyBytes(config.maxBodyBytes())
                .build();
        leases.start();
        new Retention(administration).start(wakes);
    }

    static PostgresConnection open(ConnectionContext context) {
        PostgresConfig config = new PostgresConfig(context);
        Sessions sessions = new Sessions(config);
        Connection opened = sessions.open(Deadline.after(context.connectTimeout()));
        return new PostgresConnection(config, sessions, opened);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void provision(Address address, ProvisionMode mode) {
        state.requireOpen();
        provisioner.provision(address, mode);
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        state.requireOpen();
        Place place;
        try {
            place = client.sending()
                    .use(
                            Deadline.after(config.operationTimeout()),
                            connection -> client.places().find(connection, address));
        } catch (SQLException e) {
            throw PostgresTranslator.error("opening a sender to " + address, e);
        }
        PostgresSender sender = new PostgresSender(
                client,
                config.clientName() + "-" + numbers.incrementAndGet(),
                address,
                place,
                options.outcomeWithin(),
                senders::remove);
        senders.add(sender);
        return sender;
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        state.requireOpen();
        return PostgresReceiver.open(client, address, options, listener);
    }

    @Override
    public Health probe(Duration timeout) {
        String where = "PostgreSQL at " + config.addresses();
        if (state.isClosed()) {
            return Health.down("the connection to " + where + " is closed");
        }
        try {
            administration.use(Deadline.after(timeout), connection -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.execute("SELECT 1");
                }
            });
            return Health.up(where + " answers");
        } catch (MessagingException e) {
            return Health.down(String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            return Health.down(String.valueOf(
                    PostgresTranslator.error("probing " + where, e).getMessage()));
        }
    }

    @Override
    public void close(Duration timeout) {
        state.close(timeout, deadline -> {
            sessions.close();
            client.wakes().close(Deadline.after(deadline.left().dividedBy(4)));
            client.leases().close(Deadline.after(deadline.left().dividedBy(2)));
            client.sending().close();
            client.receiving().close();
            administration.close();
            senders.forEach(sender -> sender.close(deadline.left()));
        });
    }
}
