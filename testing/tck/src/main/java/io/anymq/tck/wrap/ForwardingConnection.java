package io.anymq.tck.wrap;

import io.anymq.Health;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerBrowser;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capabilities;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import java.time.Duration;
import java.util.Optional;

/** Passes every call on. */
public class ForwardingConnection implements BrokerConnection {
    private final BrokerConnection delegate;

    /** Wraps {@code delegate}. */
    public ForwardingConnection(BrokerConnection delegate) {
        this.delegate = delegate;
    }

    @Override
    public Capabilities capabilities() {
        return delegate.capabilities();
    }

    @Override
    public void provision(Address address, ProvisionMode mode) {
        delegate.provision(address, mode);
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        return delegate.openSender(address, options);
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        return delegate.openReceiver(address, options, listener);
    }

    @Override
    public BrokerBrowser openBrowser(Address.OfSource address) {
        return delegate.openBrowser(address);
    }

    @Override
    public Health probe(Duration timeout) {
        return delegate.probe(timeout);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return delegate.unwrap(type);
    }

    @Override
    public void close(Duration timeout) {
        delegate.close(timeout);
    }
}
