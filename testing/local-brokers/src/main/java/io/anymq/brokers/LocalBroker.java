package io.anymq.brokers;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A real broker that is up when {@link LocalBrokers} returns it, and that can be broken on purpose.
 *
 * <p>Thread-safe; {@link #kill()}, {@link #restart()} and {@link #close()} exclude each other. Every call is bounded in
 * time: start and restart by {@link BrokerOptions#startTimeout()}, the others by 10 s each.
 *
 * <pre>{@code
 * try (LocalBroker broker = LocalBrokers.start(BrokerKind.KAFKA)) {
 *     send(broker.url());
 *     broker.kill();
 *     broker.restart();
 *     assertStillThere(broker.url());
 * }
 * }</pre>
 */
public interface LocalBroker extends AutoCloseable {

    /**
     * The kind of broker.
     *
     * @return the kind
     */
    BrokerKind kind();

    /**
     * Where clients connect, as an AnyMQ URL such as {@code kafka://127.0.0.1:21234}.
     *
     * @return the URL; the same after a restart
     */
    String url();

    /**
     * The same address as {@link #url()} without the scheme, as vendors' clients want it.
     *
     * @return {@code host:port}, or several of them joined by commas
     */
    String bootstrap();

    /**
     * Where the broker itself listens for clients. Differs from {@link #bootstrap()} only if an
     * {@linkplain BrokerOptions#advertised() advertised address} was set; it is then the target for the proxy there.
     *
     * @return {@code host:port}
     */
    String listenAddress();

    /**
     * An address whose clients talk to the broker without passing through the advertised address, for checks that
     * must not be disturbed by a proxy.
     *
     * @return {@code host:port}
     */
    String directBootstrap();

    /**
     * The faults that can be injected here.
     *
     * @return an immutable set, empty for an external broker
     */
    Set<Fault> faults();

    /**
     * Kills the broker as by SIGKILL and returns once it is gone. Does nothing if it is down already.
     *
     * @throws UnsupportedFaultException if {@link Fault#KILL} is not possible here
     */
    void kill();

    /**
     * Stops the broker's process from running, as by SIGSTOP. Its connections stay open and silent.
     *
     * @throws UnsupportedFaultException if {@link Fault#SUSPEND} is not possible here
     */
    void suspend();

    /**
     * Lets a suspended broker run on, as by SIGCONT. Does nothing if it was not suspended.
     *
     * @throws UnsupportedFaultException if {@link Fault#SUSPEND} is not possible here
     */
    void resume();

    /**
     * Starts the broker again with the same data under the same address, after killing it if it still runs, and
     * returns once it is ready.
     *
     * @throws UnsupportedFaultException if {@link Fault#RESTART} is not possible here
     * @throws BrokerStartException if it does not become ready in time
     */
    void restart();

    /**
     * Whether the broker's process exists; a suspended one counts. An external broker counts until it is closed.
     *
     * @return true if it exists
     */
    boolean isAlive();

    /**
     * The broker's log on this machine.
     *
     * @return the file, or empty if there is none
     */
    Optional<Path> logFile();

    /**
     * The last lines of the broker's log.
     *
     * @param lines how many at most, from 1
     * @return the lines, joined by line feeds; empty if there is no log
     */
    String logTail(int lines);

    /** Keeps the log beyond {@link #close()}, which then prints its path. Call it when a test has failed. */
    void keepLogs();

    /**
     * The broker's process on this machine.
     *
     * @return its id, or empty if it is down or runs elsewhere
     */
    OptionalLong pid();

    /**
     * The resource usage of the broker's present process so far.
     *
     * @return the figures; those that are not to be had are empty
     */
    ResourceUsage usage();

    /**
     * Describes this broker and how it was obtained, for reports.
     *
     * @return the description
     */
    BrokerDescription describe();

    /**
     * The file system of the broker's data.
     *
     * @return present if {@link BrokerOptions#withDiskBytes} asked for one
     */
    default Optional<BrokerDisk> disk() {
        return Optional.empty();
    }

    /** Ends the broker if it was started here, and deletes its data. Does nothing when called again. */
    @Override
    void close();
}
