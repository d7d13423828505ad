package io.anymq.brokers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several RabbitMQ nodes that form a cluster, as processes on 127.0.0.1: each with its own name, ports, folder and log, all
 * with one cookie and one port mapper that no other node has. Every node can be broken by itself: {@link
 * RabbitMqNode#kill}, {@link RabbitMqNode#suspend}, {@link RabbitMqNode#stop}, {@link RabbitMqNode#restart}. All end with
 * this JVM, however that ends.
 *
 * <p>Three nodes take 10 to 20 s to start on two cores, and 130 to 250 MiB each. A cluster whose nodes are all down must
 * be started with the one that went last. Thread-safe.
 *
 * <pre>{@code
 * try (RabbitMqCluster cluster = RabbitMqCluster.start(3)) {
 *     connect(cluster.url());                  // rabbitmq://guest:guest@127.0.0.1:21234,127.0.0.1:21236,…
 *     cluster.nodes().get(0).kill();
 *     assertThatAllGoesOn();
 *     cluster.nodes().get(0).restart();
 * }
 * }</pre>
 */
public final class RabbitMqCluster implements AutoCloseable {
    private static final int MOST = 9;

    /** RabbitMQ 3 has another name for it than later versions. */
    private static final String MEMBERS =
            "length(try rabbit_nodes:list_members() catch error:undef -> rabbit_nodes:all() end)";

    private final List<RabbitMqProcess> nodes = new ArrayList<>();
    private final RabbitMqInstallation installation;
    private @Nullable PortMapper mapper;

    private RabbitMqCluster(RabbitMqInstallation installation) {
        this.installation = installation;
    }

    /**
     * Starts a cluster with the default options.
     *
     * @param nodes how many, 2 to 9
     * @return a cluster all of whose nodes serve clients
     * @throws BrokerUnavailableException if no RabbitMQ server is installed
     * @throws BrokerStartException if a node does not become ready in time
     */
    public static RabbitMqCluster start(int nodes) {
        return start(nodes, BrokerOptions.defaults());
    }

    /**
     * Starts a cluster.
     *
     * @param nodes how many, 2 to 9
     * @param options how to start each node; its time-out is for all of them, which start at the same time
     * @return a cluster all of whose nodes serve clients
     * @throws BrokerUnavailableException if no RabbitMQ server is installed
     * @throws BrokerStartException if a node does not become ready in time
     * @throws LocalBrokerException if the number is out of its bounds, or an option is not for processes
     */
    public static RabbitMqCluster start(int nodes, BrokerOptions options) {
        check(nodes, options);
        RabbitMqInstallation installation = new RabbitMqInstallation(Settings.ofThisJvm());
        installation.obstacle().ifPresent(reason -> {
            throw new BrokerUnavailableException("no RabbitMQ cluster can be started here: " + reason, null);
        });
        for (int attempt = 1; ; attempt++) {
            RabbitMqCluster cluster = new RabbitMqCluster(installation);
            try {
                cluster.launch(nodes, options);
                return cluster;
            } catch (RuntimeException e) {
                boolean again = attempt < ProcessBroker.TRIES
                        && cluster.nodes.stream().anyMatch(ProcessBroker::foundAPortTaken);
                cluster.close(node -> node.closeAfterFailure(again));
                if (!again) {
                    throw e;
                }
            }
        }
    }

    private static void check(int nodes, BrokerOptions options) {
        if (nodes < 2 || nodes > MOST) {
            throw new LocalBrokerException("a cluster must have 2 to " + MOST + " nodes, but was to have " + nodes);
        }
        if (options.via().filter(via -> via != Via.PROCESS).isPresent()
                || options.externalUrl().isPresent()
                || options.advertised().isPresent()) {
            throw new LocalBrokerException("a cluster consists of processes with their own addresses; remove withVia,"
                    + " withExternalUrl and withAdvertised");
        }
    }

    private void launch(int count, BrokerOptions options) {
        List<String> names = IntStream.rangeClosed(1, count)
                .mapToObj(number -> "anymq" + number + "@localhost")
                .toList();
        int epmdPort = Ports.free(1).get(0);
        RabbitMqProcess.Cluster shared = new RabbitMqProcess.Cluster(names, RabbitMqProcess.newCookie(), epmdPort);
        // All ports before the first start, as each node's are in use then.
        names.forEach(name -> nodes.add(RabbitMqProcess.member(options, installation, name, shared)));
        mapper = installation.startPortMapper(epmdPort);
        nodes.forEach(RabbitMqProcess::prepare);
        nodes.forEach(RabbitMqProcess::begin);
        nodes.forEach(RabbitMqProcess::awaitServing);
        for (RabbitMqProcess node : nodes) {
            String members = node.eval(MEMBERS);
            if (!members.equals(Integer.toString(count))) {
                throw new LocalBrokerException("a node that was to have " + count + " members in its cluster has "
                        + members + "; see " + node.logFile().orElseThrow());
            }
        }
    }

    /**
     * The nodes, which remain the same objects when they are restarted. Closing the cluster closes them.
     *
     * @return all of them, in the order of the URL
     */
    public List<RabbitMqNode> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /**
     * The address of all nodes, for a client that tries them in this order.
     *
     * @return a URL with user and password
     */
    public String url() {
        return nodes.stream()
                .map(LocalBroker::bootstrap)
                .collect(Collectors.joining(",", "rabbitmq://guest:guest@", ""));
    }

    /** Keeps the logs of all nodes beyond {@link #close()}, which then prints their paths. */
    public void keepLogs() {
        nodes.forEach(LocalBroker::keepLogs);
    }

    /** Ends all nodes and deletes their data. Does nothing when called again. */
    @Override
    public void close() {
        close(ProcessBroker::close);
    }

    private synchronized void close(Consumer<RabbitMqProcess> how) {
        try {
            nodes.forEach(RabbitMqProcess::abandon);
            nodes.forEach(how);
        } finally {
            if (mapper != null) {
                mapper.stop();
                mapper = null;
            }
        }
    }
}
