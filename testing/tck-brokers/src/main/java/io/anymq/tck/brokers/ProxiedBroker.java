package io.anymq.tck.brokers;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.brokers.Via;
import io.anymq.tck.Fault;
import io.anymq.tck.net.AddressRewriter;
import io.anymq.tck.net.Direction;
import io.anymq.tck.net.NetworkFaults;
import io.anymq.tck.net.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A local broker with a network in front that can be broken: clients at {@link #networkUrl()} go through a {@link
 * TcpProxy}, also after they have read the broker's metadata; clients at {@link #directUrl()} go past it.
 *
 * <p>A broker process advertises the proxy's address. RocketMQ cannot, it tells its name server where it listens; there
 * the name server has a proxy, too, and in its answers the broker's proxy takes the broker's place. A broker that is no
 * process of ours has no such network. Thread-safe.
 */
public final class ProxiedBroker implements AutoCloseable {
    private final LocalBroker broker;
    private final List<TcpProxy> proxies;
    private final String networkUrl;
    private final NetworkFaults network;

    private ProxiedBroker(LocalBroker broker, List<TcpProxy> proxies, String networkUrl) {
        this.broker = broker;
        this.proxies = List.copyOf(proxies);
        this.networkUrl = networkUrl;
        this.network = new NetworkFaults(proxies.toArray(TcpProxy[]::new));
    }

    /** Starts a broker with default options. */
    public static ProxiedBroker start(BrokerKind kind) {
        return start(kind, BrokerOptions.defaults());
    }

    /** Starts a broker; failures are reported as by {@link LocalBrokers#start}. */
    public static ProxiedBroker start(BrokerKind kind, BrokerOptions options) {
        Optional<Via> via = LocalBrokers.detect(kind, options).chosen();
        if (via.filter(Via.PROCESS::equals).isEmpty()) {
            LocalBroker broker = LocalBrokers.start(kind, options);
            return new ProxiedBroker(broker, List.of(), broker.url());
        }
        List<TcpProxy> proxies = new ArrayList<>();
        try {
            return kind == BrokerKind.ROCKETMQ
                    ? behindItsNameServer(options, proxies)
                    : advertised(kind, options, proxies);
        } catch (IOException e) {
            close(proxies);
            throw new UncheckedIOException("could not open a port for a proxy", e);
        } catch (RuntimeException e) {
            close(proxies);
            throw e;
        }
    }

    private static ProxiedBroker advertised(BrokerKind kind, BrokerOptions options, List<TcpProxy> proxies)
            throws IOException {
        TcpProxy proxy = open(proxies);
        LocalBroker broker = LocalBrokers.start(kind, options.withAdvertised(proxy.address()));
        proxy.forwardTo(broker.listenAddress());
        return new ProxiedBroker(broker, proxies, broker.url());
    }

    private static ProxiedBroker behindItsNameServer(BrokerOptions options, List<TcpProxy> proxies) throws IOException {
        TcpProxy nameServerProxy = open(proxies);
        TcpProxy brokerProxy = open(proxies);
        LocalBroker broker = LocalBrokers.start(BrokerKind.ROCKETMQ, options);
        nameServerProxy.forwardTo(broker.bootstrap());
        nameServerProxy.rewriting(
                Direction.TO_CLIENT, () -> new AddressRewriter(broker.listenAddress(), brokerProxy.address()));
        brokerProxy.forwardTo(broker.listenAddress());
        return new ProxiedBroker(broker, proxies, "rocketmq://" + nameServerProxy.address());
    }

    private static TcpProxy open(List<TcpProxy> proxies) throws IOException {
        TcpProxy proxy = TcpProxy.open();
        proxies.add(proxy);
        return proxy;
    }

    /** The broker itself, to kill and to suspend. */
    public LocalBroker broker() {
        return broker;
    }

    /** Past the network. */
    public String directUrl() {
        return broker.url().replace(broker.bootstrap(), broker.directBootstrap());
    }

    /** Through the network; the same as {@link #directUrl()} if there is none. */
    public String networkUrl() {
        return networkUrl;
    }

    /** The faults that the network can have; none if there is none. */
    public Set<Fault> faults() {
        return proxies.isEmpty() ? Set.of() : NetworkFaults.ALL;
    }

    /** Breaks the network. */
    public void inject(Fault fault) {
        network.inject(fault);
    }

    /** Repairs the network. */
    public void heal() {
        network.heal();
    }

    private static void close(List<TcpProxy> proxies) {
        for (TcpProxy proxy : proxies) {
            try {
                proxy.close();
            } catch (IOException e) {
                throw new UncheckedIOException("could not close a proxy", e);
            }
        }
    }

    /** Ends the broker and closes its proxies. */
    @Override
    public void close() {
        try {
            broker.close();
        } finally {
            close(proxies);
        }
    }
}
