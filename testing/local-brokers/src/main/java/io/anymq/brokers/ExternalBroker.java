package io.anymq.brokers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** An external broker: it can be used, but neither broken nor stopped. */
final class ExternalBroker implements LocalBroker {
    private final BrokerKind kind;
    private final String url;
    private final String bootstrap;
    private final Optional<String> version;
    private volatile boolean closed;

    private ExternalBroker(BrokerKind kind, String url, String bootstrap, Optional<String> version) {
        this.kind = kind;
        this.url = url;
        this.bootstrap = bootstrap;
        this.version = version;
    }

    static LocalBroker reach(BrokerDriver driver, String url, BrokerOptions options) {
        if (options.advertised().isPresent()) {
            throw new LocalBrokerException("the advertised address of an external broker cannot be changed; remove"
                    + " withAdvertised or use a process");
        }
        if (options.diskBytes().isPresent()) {
            throw new LocalBrokerException(
                    "an external broker cannot get a disk of its own; remove withDiskBytes or use a process");
        }
        String bootstrap = String.join(",", addresses(driver.kind(), url));
        return new ExternalBroker(driver.kind(), url, bootstrap, driver.reach(bootstrap, options.startTimeout()));
    }

    static List<String> addresses(BrokerKind kind, String url) {
        String prefix = kind.urlScheme() + "://";
        if (!url.startsWith(prefix)) {
            throw new LocalBrokerException("the URL of an external " + kind.scheme() + " broker must start with" + " "
                    + prefix + ", but was '" + url.substring(url.lastIndexOf('@') + 1) + "'");
        }
        String rest = url.substring(prefix.length());
        if (kind == BrokerKind.RABBITMQ || kind == BrokerKind.POSTGRESQL) {
            // Such a URL also carries user, password and virtual host or database.
            rest = rest.substring(rest.lastIndexOf('@') + 1).split("[/?]", 2)[0];
        }
        return HostPorts.parse(rest, "the part of the URL after " + prefix);
    }

    @Override
    public BrokerKind kind() {
        return kind;
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public String listenAddress() {
        return bootstrap;
    }

    @Override
    public String directBootstrap() {
        return bootstrap;
    }

    @Override
    public Set<Fault> faults() {
        return Set.of();
    }

    @Override
    public void kill() {
        throw unsupported(Fault.KILL);
    }

    @Override
    public void suspend() {
        throw unsupported(Fault.SUSPEND);
    }

    @Override
    public void resume() {
        throw unsupported(Fault.SUSPEND);
    }

    @Override
    public void restart() {
        throw unsupported(Fault.RESTART);
    }

    private UnsupportedFaultException unsupported(Fault fault) {
        return new UnsupportedFaultException(
                fault, "the broker at " + bootstrap + " is external; start a process instead (via=process)");
    }

    @Override
    public boolean isAlive() {
        return !closed;
    }

    @Override
    public Optional<Path> logFile() {
        return Optional.empty();
    }

    @Override
    public String logTail(int lines) {
        return "";
    }

    @Override
    public void keepLogs() {
        // Its logs are not ours, and stay wherever they are.
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.empty();
    }

    @Override
    public ResourceUsage usage() {
        return ResourceUsage.UNKNOWN;
    }

    @Override
    public BrokerDescription describe() {
        return new BrokerDescription(
                kind, Via.EXTERNAL, version, kind.urlScheme() + "://" + bootstrap, new TreeMap<>());
    }

    @Override
    public void close() {
        closed = true;
    }
}
