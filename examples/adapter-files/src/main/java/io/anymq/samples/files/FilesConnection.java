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
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder that can be written to. It has neither socket nor thread; senders and receivers have their own. */
final class FilesConnection implements BrokerConnection {
    static final Logger LOG = LoggerFactory.getLogger(FilesConnection.class);

    private static final int MOST_BODY_BYTES = 64 << 20;
    private static final Capabilities CAPABILITIES = Capabilities.builder()
            .with(Capability.TOPICS, Support.NATIVE)
            .with(Capability.START_EARLIEST, Support.NATIVE)
            .with(Capability.PER_KEY_ORDER, Support.NATIVE)
            .with(Capability.TOTAL_ORDER, Support.NATIVE)
            .with(Capability.DELAY, Support.EMULATED)
            .with(Capability.DELIVERY_COUNT, Support.NATIVE)
            .with(Capability.DURABLE, Support.NATIVE)
            .with(Capability.ATOMIC_CHAINING, Support.UNSUPPORTED)
            .maxBodyBytes(MOST_BODY_BYTES)
            .build();

    private final Path root;
    private final String clientName;
    private final FilesConfig config;
    private final FilesProvisioner provisioner;
    private final AtomicInteger senders = new AtomicInteger();

    private FilesConnection(Path root, String clientName, FilesConfig config) {
        this.root = root;
        this.clientName = clientName;
        this.config = config;
        this.provisioner = new FilesProvisioner(root, config);
    }

    static FilesConnection open(ConnectionContext context) {
        FilesConfig config = new FilesConfig(context);
        try {
            touch(Files.createDirectories(config.root()));
        } catch (IOException e) {
            throw FilesTranslator.error("connecting to " + context.url(), e);
        }
        return new FilesConnection(config.root(), context.clientName(), config);
    }

    private static void touch(Path folder) throws IOException {
        Files.delete(Files.createTempFile(folder, ".probe", null));
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
        Layout layout = provisioner.layout(address);
        String name = clientName + "-" + senders.incrementAndGet();
        return new FilesSender(name, address.toString(), FilesNames.messages(root, address), layout, config);
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        Layout layout = provisioner.layout(address);
        try {
            return new FilesReceiver(
                    address.toString(),
                    FilesNames.messages(root, address),
                    FilesNames.reader(root, address),
                    layout.lanes(),
                    listener,
                    config.pollInterval());
        } catch (IOException e) {
            throw FilesTranslator.error("receiving from " + address, e);
        }
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
