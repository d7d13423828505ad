package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.Escape;
import io.anymq.Health;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.spi.ConfigValues;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what an {@link Outbox} has stored, and removes it when the broker has confirmed it. Runs in the application, or in
 * a process of its own ({@link OutboxRelayMain}). Thread-safe; has two daemon
 * threads while it is started, and a third one with {@link Outbox.Builder#notifyRelays}.
 *
 * <pre>{@code
 * try (OutboxRelay relay = outbox.relay(client).start()) {
 *     …
 * }
 * }</pre>
 *
 * <p>Any number of relays may work on one database. Messages with an order are in 64 lanes by a hash of their key, and a
 * lane belongs to one relay for the length of a lease, so that one relay at a time sends the messages of a key; each takes
 * its share of the lanes. A relay that was killed is replaced within its lease. Messages without an order are taken row by
 * row, by whichever relay comes first.
 *
 * <p>A message that the broker refuses is tried again, after 1 s at first and 1 min at most. Meanwhile the messages of its
 * key wait behind it; others do not. It is logged, told to {@link Builder#onStopped}, listed by {@link #stopped()} and shown
 * by {@link #health()}; an operator cures the cause, or {@linkplain #discard discards} it. While the broker does not answer
 * at all, everything waits.
 */
@API(API.Status.EXPERIMENTAL)
public final class OutboxRelay implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);
    private static final Duration LISTEN_AGAIN = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final String name = "relay-" + UUID.randomUUID();
    private final Database database;
    private final RelayLanes lanes;
    private final RelaySender sender;
    private final Duration poll;
    private final Duration lease;
    private final int batch;
    private final Consumer<StoppedOrder> onStopped;
    private final Pause work = new Pause();
    private final Pause leases = new Pause();
    private final Thread worker = thread(name, this::work);
    private final Pause listening = new Pause();
    private final Thread renewer = thread(name + "-leases", this::renew);
    private final @Nullable Thread listener;
    private final DataSource dataSource;

    private volatile boolean closing;
    private volatile String problem = "";
    private volatile String leaseProblem = "starting";
    private volatile int stopped;

    private OutboxRelay(Builder builder) {
        this.database = new Database(builder.dataSource, Schema.Part.OUTBOX, builder.schema, builder.timeoutMillis);
        this.dataSource = builder.dataSource;
        this.listener = builder.notify ? thread(name + "-listener", this::listen) : null;
        this.poll = builder.poll;
        this.lease = builder.lease;
        this.batch = builder.batch;
        this.onStopped = builder.onStopped;
        this.lanes = new RelayLanes(database, name, lease);
        this.sender = new RelaySender(builder.client);
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, "anymq-outbox-" + name);
        thread.setDaemon(true);
        return thread;
    }

    private void renew() {
        while (!closing) {
            try {
                lanes.renew();
                stopped =
                        database.call("count what is stopped", (connection, sql) -> RelaySql.countStopped(connection));
                leaseProblem = "";
                work.wakeUp();
            } catch (Throwable e) {
                told(leaseProblem, "Could not extend the leases of {}: {}; trying again", e);
                leaseProblem = text(e);
            }
            leases.await(lease.dividedBy(4));
        }
    }

    /** Hears of commits; polling goes on meanwhile, so that nothing depends on it. */
    private void listen() {
        while (!closing) {
            try (Connection connection = dataSource.getConnection()) {
                if (Dialect.of(connection) != Dialect.POSTGRESQL) {
                    log.warn("{} cannot be woken by commits, because its database is not PostgreSQL; it polls", name);
                    return;
                }
                CommitListener.listen(connection, this::wakeUp, () -> closing);
            } catch (Throwable e) {
                log.debug("{} does not hear of commits: {}; it polls until it does", name, e.toString());
                listening.await(LISTEN_AGAIN);
            }
        }
    }

    private void work() {
        Duration backoff = poll;
        while (!closing) {
            try {
                int sent = round();
                problem = "";
                backoff = poll;
                if (sent == 0) {
                    work.await(poll);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Throwable e) {
                told(problem, "{} could not send what is in the outbox: {}; trying again", e);
                problem = text(e);
                work.await(backoff);
                backoff = backoff.multipliedBy(2).compareTo(LONGEST_BACKOFF) < 0
                        ? backoff.multipliedBy(2)
                        : LONGEST_BACKOFF;
            }
        }
    }

    /** Once for each kind of problem, until it is over. */
    private void told(String before, String line, Throwable e) {
        if (before.isEmpty() || before.equals("starting")) {
            log.warn(line, name, text(e));
        } else {
            log.debug(line, name, text(e), e);
        }
    }

    private static String text(Throwable e) {
        return e instanceof MessagingException && e.getMessage() != null ? e.getMessage() : e.toString();
    }

    /** Returns how many rows were sent. */
    private int round() throws InterruptedException {
        lanes.releaseSurplus();
        int sent = 0;
        if (lanes.areHeld()) {
            List<RelayRow> rows = database.call(
                    "read the outbox", (connection, sql) -> RelaySql.ordered(connection, sql, name, batch));
            if (!rows.isEmpty()) {
                RelaySender.Result result = sender.send(rows, () -> !closing && lanes.areHeld());
                sent += database.inTransaction(
                        "remove what was sent", (connection, sql) -> ended(connection, sql, result));
                afterwards(result);
            }
        }
        return sent + (closing ? 0 : unordered());
    }

    /** In one transaction, so that no other relay sees the rows; a crash in it lets them go again. */
    private int unordered() throws InterruptedException {
        RelaySender.Result[] last = new RelaySender.Result[1];
        boolean[] interrupted = new boolean[1];
        int sent = database.inTransaction("send what is in the outbox", (connection, sql) -> {
            List<RelayRow> rows = RelaySql.unordered(connection, sql, batch);
            if (rows.isEmpty()) {
                return 0;
            }
            try {
                last[0] = sender.send(rows, () -> !closing);
            } catch (InterruptedException e) {
                interrupted[0] = true;
                return 0;
            }
            return ended(connection, sql, last[0]);
        });
        if (interrupted[0]) {
            throw new InterruptedException();
        }
        if (last[0] != null) {
            afterwards(last[0]);
        }
        return sent;
    }

    /** Removes rows that are confirmed, and stops the orders of those that were refused. */
    private static int ended(Connection connection, Dialect sql, RelaySender.Result result) throws SQLException {
        RelaySql.remove(connection, result.confirmed());
        if (!isOutage(result)) {
            for (RelaySender.Failure failure : result.failed()) {
                RelaySql.stop(
                        connection,
                        sql,
                        failure.row(),
                        failure.error().code().name(),
                        EntryId.readable(String.valueOf(failure.error().getMessage()), 512),
                        pause(failure.row().attempts()));
            }
        }
        return result.confirmed().size();
    }

    /** Whether the broker rather than a message is the cause. */
    private static boolean isOutage(RelaySender.Result result) {
        return result.confirmed().isEmpty()
                && result.failed().stream().allMatch(failure -> failure.error().isRetryable());
    }

    private static Duration pause(int attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts, 6));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private void afterwards(RelaySender.Result result) {
        if (result.failed().isEmpty()) {
            return;
        }
        if (isOutage(result)) {
            throw result.failed().get(0).error();
        }
        List<StoppedOrder> all = stopped();
        stopped = all.size();
        for (RelaySender.Failure failure : result.failed()) {
            // by a doubling number of attempts, so that one that stays stopped does not fill the log
            if (Integer.bitCount(failure.row().attempts() + 1) == 1) {
                log.warn(
                        "Row {} of the outbox was refused for {}: {}; what has its key waits, next attempt in {}",
                        failure.row().seq(),
                        failure.row().destination(),
                        Escape.forLog(String.valueOf(failure.error().getMessage())),
                        pause(failure.row().attempts()));
            }
            all.stream().filter(order -> order.row() == failure.row().seq()).forEach(this::tell);
        }
    }

    private void tell(StoppedOrder order) {
        try {
            onStopped.accept(order);
        } catch (Throwable e) {
            log.warn("The listener of an outbox relay failed: {}; going on", e.toString());
        }
    }

    /**
     * Looks at the outbox now instead of at the next poll, such as after a commit of this process. Cheap.
     */
    public void wakeUp() {
        work.wakeUp();
    }

    /**
     * The messages that were refused and wait, of all relays, the oldest first; at most 1,000.
     *
     * @throws MessagingException if the database does not answer
     */
    public List<StoppedOrder> stopped() {
        return database.call("read what is stopped", (connection, sql) -> RelaySql.stopped(connection));
    }

    /**
     * Tries all that are stopped at once, such as after their cause was cured.
     *
     * @throws MessagingException if the database does not answer
     */
    public void retryNow() {
        int unused =
                database.inTransaction("retry what is stopped", (connection, sql) -> RelaySql.retryNow(connection));
        wakeUp();
    }

    /**
     * Removes a message that was refused, for good, and lets those behind it go on.
     *
     * @return false if it is no longer stopped
     * @throws MessagingException if the database does not answer
     */
    public boolean discard(StoppedOrder order) {
        boolean removed = database.inTransaction(
                "discard a message", (connection, sql) -> RelaySql.discard(connection, order.row()));
        if (removed) {
            log.warn(
                    "Row {} of the outbox, message {} for {}, was discarded on request",
                    order.row(),
                    Escape.forLog(order.messageId()),
                    order.destination());
        }
        wakeUp();
        return removed;
    }

    /** UP; DEGRADED while messages are stopped, or the database or the broker does not answer; DOWN after the close. */
    public Health health() {
        if (closing) {
            return Health.down("the relay is closed");
        }
        if (!leaseProblem.isEmpty()) {
            return Health.degraded(leaseProblem);
        }
        if (!problem.isEmpty()) {
            return Health.degraded(problem);
        }
        int waiting = stopped;
        return waiting == 0
                ? Health.up("relaying")
                : Health.degraded(waiting + " messages were refused and wait; see OutboxRelay.stopped()");
    }

    /**
     * Ends what is on its way, within 30 s, and gives the lanes to other relays. What was not sent stays in the outbox.
     * Idempotent.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        work.wakeUp();
        leases.wakeUp();
        listening.wakeUp();
        try {
            worker.join(CLOSE_TIMEOUT.toMillis());
            renewer.join(CLOSE_TIMEOUT.toMillis());
            if (listener != null) {
                listener.join(CLOSE_TIMEOUT.toMillis());
            }
            if (worker.isAlive() || renewer.isAlive()) {
                worker.interrupt();
                log.warn(
                        "{} is still at work after {}; its lanes are free when its lease has ended",
                        name,
                        CLOSE_TIMEOUT);
                return;
            }
            lanes.leave();
        } catch (InterruptedException e) {
            worker.interrupt();
            Thread.currentThread().interrupt();
            return;
        } catch (MessagingException e) {
            log.warn(
                    "{} could not give up its lanes: {}; they are free when its lease has ended", name, e.getMessage());
        }
        sender.close();
    }

    @Override
    public String toString() {
        return "OutboxRelay[" + name + ", " + health() + "]";
    }

    /** Builds an {@link OutboxRelay}. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private final SchemaMode schema;
        private final int timeoutMillis;
        private final boolean notify;
        private final MessagingClient client;
        private Duration poll = Duration.ofMillis(100);
        private Duration lease = Duration.ofSeconds(10);
        private int batch = 500;
        private Consumer<StoppedOrder> onStopped = order -> {};

        Builder(DataSource dataSource, SchemaMode schema, int timeoutMillis, boolean notify, MessagingClient client) {
            this.dataSource = dataSource;
            this.schema = schema;
            this.timeoutMillis = timeoutMillis;
            this.notify = notify;
            this.client = Objects.requireNonNull(client, "client");
        }

        /** Takes what is configured under {@code anymq.jdbc.}: {@code configured(client.config("jdbc"))}. */
        public Builder configured(ConfigValues config) {
            return pollInterval(config.duration(JdbcConfig.OUTBOX_POLL))
                    .lease(config.duration(JdbcConfig.OUTBOX_LEASE))
                    .batch((int) config.number(JdbcConfig.OUTBOX_BATCH));
        }

        /** How often an empty outbox is looked at, 1 ms to 1 min; default 100 ms. */
        public Builder pollInterval(Duration pollInterval) {
            this.poll = Bounds.between("pollInterval", pollInterval, Duration.ofMillis(1), Duration.ofMinutes(1));
            return this;
        }

        /**
         * How long what a killed relay had waits for another one at most, 1 s to 10 min; default 10 s. It should cover the
         * longest pause of a process and the longest outage of the database that must not lead to repetitions.
         */
        public Builder lease(Duration lease) {
            this.lease = Bounds.between("lease", lease, Duration.ofSeconds(1), Duration.ofMinutes(10));
            return this;
        }

        /** How many rows are read at once, 1 to 10,000; default 500. They are in memory together. */
        public Builder batch(int batch) {
            this.batch = Bounds.between("batch", batch, 1, 10_000);
            return this;
        }

        /** Is told of each refusal of a message, on the relay's thread; what it throws is logged. */
        public Builder onStopped(Consumer<StoppedOrder> onStopped) {
            this.onStopped = Objects.requireNonNull(onStopped, "onStopped");
            return this;
        }

        /**
         * Starts. A database or broker that does not answer is waited for.
         *
         * @throws MessagingException with NOT_FOUND or MISMATCH if the tables are not those that this version needs
         */
        public OutboxRelay start() {
            OutboxRelay relay = new OutboxRelay(this);
            relay.database.lookNow("outbox relay");
            relay.renewer.start();
            relay.worker.start();
            if (relay.listener != null) {
                relay.listener.start();
            }
            return relay;
        }
    }

    /** A wait that another thread can end. */
    private static final class Pause {
        private boolean wakened;

        synchronized void wakeUp() {
            wakened = true;
            notifyAll();
        }

        synchronized void await(Duration most) {
            long end = System.nanoTime() + most.toNanos();
            try {
                while (!wakened) {
                    long left = (end - System.nanoTime()) / 1_000_000;
                    if (left <= 0) {
                        break;
                    }
                    wait(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            wakened = false;
        }
    }
}
