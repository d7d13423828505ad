package io.anymq.samples.files;

import io.anymq.Health;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder that can be written to. It has neither sockets nor threads; each sender has a thread. */
final class FilesConnection implements BrokerConnection {
    static final Logger LOG = LoggerFactory.getLogger(FilesConnection.class);

    private static final Capabilities CAPABILITIES = Capabilities.builder()
            .with(Capability.TOPICS, Support.NATIVE)
            .with(Capability.START_EARLIEST, Support.NATIVE)
            .with(Capability.PER_KEY_ORDER, Support.NATIVE)
            .with(Capability.TOTAL_ORDER, Support.NATIVE)
            .with(Capability.DELAY, Support.EMULATED)
            .with(Capability.DELIVERY_COUNT, Support.NATIVE)
            .with(Capability.DURABLE, Support.NATIVE)
            .with(Capability.BROWSE, Support.UNSUPPORTED)
            .with(Capability.ATOMIC_CHAINING, Support.UNSUPPORTED)
            .maxBodyBytes(64 << 20)
            .build();

    private final Path root;
    private final String clientName;
    private final FilesConfig config;
    private final FilesProvisioner provisioner;

    FilesConnection(ConnectionContext context) {
        config = new FilesConfig(context);
        clientName = context.clientName();
        root = FilesTranslator.get("connecting to " + context.url(), () -> {
            Path folder = Path.of(context.url().path());
            return touch(Files.createDirectories(folder).toRealPath());
        });
        provisioner = new FilesProvisioner(root, config);
    }

    private static Path touch(Path folder) throws IOException {
        Files.delete(Files.createTempFile(folder, ".probe", null));
        return folder;
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public void provision(Address address, ProvisionMode mode) {
        provisioner.provision(address, mode);
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        Path messages = FilesNames.messages(root, address);
        return new FilesSender(clientName + "-" + address, messages, provisioner.lanes(address), config.sync());
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        Path messages = FilesNames.messages(root, address);
        Path reader = FilesNames.reader(root, address);
        return new FilesReceiver(messages, reader, provisioner.lanes(address), listener, config);
    }

    @Override
    public Health probe(Duration timeout) {
        try {
            touch(root);
            return Health.up("can write to " + root);
        } catch (IOException e) {
            return Health.down(String.valueOf(FilesTranslator.error("writing to " + root, e).getMessage()));
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(root) ? Optional.of(type.cast(root)) : Optional.empty();
    }

    @Override
    public void close(Duration timeout) {
        // senders and receivers are closed already, and there is nothing else
    }
}
