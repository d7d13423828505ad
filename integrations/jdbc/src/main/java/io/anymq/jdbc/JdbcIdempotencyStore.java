package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.IdempotencyStore;
import io.anymq.spi.ConfigValues;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in a database, shared by all processes that use it: PostgreSQL, MariaDB, MySQL or H2. Thread-safe; starts no
 * thread and keeps no connection between calls.
 *
 * <pre>{@code
 * IdempotencyStore store = JdbcIdempotencyStore.with(dataSource, client.config("jdbc"));
 * client.consumer(payments, Payment.class).idempotency(IdempotencyPolicy.with(store)).start(…);
 * }</pre>
 *
 * <p>The tables come from {@code META-INF/anymq/jdbc/<database>/V1__anymq_idempotency.sql}, which Flyway and Liquibase
 * can run; they are created by the store only with {@link SchemaMode#CREATE}. Tables that are missing or of another
 * version are refused when the store is built. A database that cannot be reached then is not: the store looks at it with
 * the first call that reaches it.
 *
 * <p>Each call takes a connection of the {@link DataSource} and gives it back, in one statement of its own or two. A
 * connection without auto-commit is committed; so the DataSource must not hand out the connection of a transaction that
 * is under way. Leases, retentions and tokens follow the database's clock alone, and a token is greater than every
 * earlier one of its key (a fencing token). A claim whose answer was lost is recognized when this store is asked again.
 *
 * <p>Every failure is a {@link MessagingException} that says what to do and has the driver's exception as its cause:
 * {@link ErrorCode#UNAVAILABLE}, {@link ErrorCode#TIMEOUT}, {@link ErrorCode#FULL}, {@link ErrorCode#NOT_FOUND},
 * {@link ErrorCode#MISMATCH}, {@link ErrorCode#AUTHENTICATION}, {@link ErrorCode#AUTHORIZATION}.
 *
 * <p>Marks are removed some time after their retention has ended: by {@link #purge}, and by a call now and then. Claims
 * that were never completed are kept for an hour.
 */
@API(API.Status.EXPERIMENTAL)
public final class JdbcIdempotencyStore implements IdempotencyStore {

    private static final String IN_PROGRESS = "P";
    private static final String DONE = "D";
    private static final String DEAD = "X";
    private static final String RELEASED = "R";

    private final Database database;
    private final SchemaMode schema;
    private final Purge purge;
    private final LostClaims lost = new LostClaims();

    private JdbcIdempotencyStore(Builder builder) {
        this.schema = builder.schema;
        this.database =
                new Database(builder.dataSource, Schema.Part.IDEMPOTENCY, schema, (int) builder.timeout.toMillis());
        this.purge = new Purge(
                database, Dialect::purge, builder.purgeInterval.toNanos(), builder.purgeBatch, "idempotency entries");
    }

    /**
     * A store with what is configured under {@code anymq.jdbc.}: {@code with(dataSource, client.config("jdbc"))}. Throws
     * as {@link Builder#build} does.
     */
    public static JdbcIdempotencyStore with(DataSource dataSource, ConfigValues config) {
        return builder(dataSource)
                .schema(SchemaMode.valueOf(
                        config.text(JdbcConfig.SCHEMA).orElseThrow().toUpperCase(Locale.ROOT)))
                .timeout(config.duration(JdbcConfig.TIMEOUT))
                .purgeInterval(config.duration(JdbcConfig.PURGE_INTERVAL))
                .purgeBatch((int) config.number(JdbcConfig.PURGE_BATCH))
                .build();
    }

    /** Starts from the defaults. */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    @Override
    public Claim claim(String scope, String key, long fingerprint, Duration lease) {
        EntryId id = EntryId.of(scope, key);
        Long earlier = lost.take(id);
        long claimId = earlier == null ? ThreadLocalRandom.current().nextLong() : earlier;
        try {
            Claim claim = database.call(
                    "claim a message",
                    (connection, sql) ->
                            claim(connection, sql, id, scope, key, fingerprint, claimId, earlier != null, lease));
            if (earlier != null && claim instanceof Claim.Conflict) {
                // another message of the same id: that of the lost claim has yet to ask
                lost.add(id, claimId);
            }
            return claim;
        } catch (Throwable e) {
            lost.add(id, claimId);
            throw e;
        }
    }

    private static Claim claim(
            Connection connection,
            Dialect sql,
            EntryId id,
            String scope,
            String key,
            long fingerprint,
            long claimId,
            boolean isRepeated,
            Duration lease)
            throws SQLException {
        // an entry that ends or is removed between the two statements is claimed in the next round
        for (int round = 0; round < Database.TRIES; round++) {
            try (PreparedStatement claim = connection.prepareStatement(sql.claim())) {
                claim.setBytes(1, id.digest());
                claim.setString(2, EntryId.readable(scope));
                claim.setString(3, EntryId.readable(key));
                claim.setLong(4, fingerprint);
                claim.setLong(5, claimId);
                claim.setLong(6, Dialect.micros(lease));
                if (!sql.claimReturnsToken()) {
                    claim.executeUpdate();
                } else {
                    try (ResultSet granted = claim.executeQuery()) {
                        if (granted.next()) {
                            return new Claim.Granted(granted.getLong(1));
                        }
                    }
                }
            }
            Claim claim = look(connection, sql, id, fingerprint, claimId, isRepeated, lease);
            if (claim != null) {
                return claim;
            }
        }
        return new Claim.Busy(Duration.ofMillis(1));
    }

    private static @Nullable Claim look(
            Connection connection,
            Dialect sql,
            EntryId id,
            long fingerprint,
            long claimId,
            boolean isRepeated,
            Duration lease)
            throws SQLException {
        String state;
        long token;
        long left;
        boolean mine;
        try (PreparedStatement look = connection.prepareStatement(sql.look())) {
            look.setBytes(1, id.digest());
            try (ResultSet row = look.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                state = row.getString(1);
                token = row.getLong(3);
                left = row.getLong(5);
                mine = row.getLong(4) == claimId && IN_PROGRESS.equals(state);
                if (row.getLong(2) != fingerprint && left > 0) {
                    return new Claim.Conflict();
                }
            }
        }
        if (mine) {
            // if a call stored it whose answer was lost, its lease began then
            return !isRepeated || change(connection, sql, id, token, IN_PROGRESS, Dialect.micros(lease))
                    ? new Claim.Granted(token)
                    : null;
        }
        if (left <= 0) {
            return null;
        }
        return switch (state) {
            case IN_PROGRESS -> new Claim.Busy(Duration.ofNanos(left * 1_000));
            case DONE -> new Claim.Done();
            case DEAD -> new Claim.Dead();
            default -> null;
        };
    }

    @Override
    public boolean prolong(String scope, String key, long token, Duration lease) {
        return change("extend a lease", scope, key, token, IN_PROGRESS, Dialect.micros(lease));
    }

    @Override
    public boolean complete(String scope, String key, long token, Duration retention) {
        boolean held = change("complete a message", scope, key, token, DONE, Dialect.micros(retention));
        purge.ifDue();
        return held;
    }

    @Override
    public boolean bury(String scope, String key, long token, Duration retention) {
        boolean held = change("mark a message as dead-lettered", scope, key, token, DEAD, Dialect.micros(retention));
        purge.ifDue();
        return held;
    }

    @Override
    public boolean release(String scope, String key, long token) {
        return change("release a message", scope, key, token, RELEASED, Dialect.GIVEN_UP_MICROS);
    }

    @Override
    public void forget(String scope, String key) {
        EntryId id = EntryId.of(scope, key);
        database.call("forget a message", (connection, sql) -> {
            try (PreparedStatement forget = connection.prepareStatement(sql.forget())) {
                forget.setLong(1, Dialect.GIVEN_UP_MICROS);
                forget.setBytes(2, id.digest());
                return forget.executeUpdate();
            }
        });
    }

    private boolean change(String what, String scope, String key, long token, String state, long micros) {
        EntryId id = EntryId.of(scope, key);
        return database.call(what, (connection, sql) -> change(connection, sql, id, token, state, micros));
    }

    private static boolean change(Connection connection, Dialect sql, EntryId id, long token, String state, long micros)
            throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(sql.change())) {
            change.setString(1, state);
            change.setLong(2, micros);
            change.setBytes(3, id.digest());
            change.setLong(4, token);
            change.setString(5, state);
            return change.executeUpdate() > 0;
        }
    }

    /**
     * Removes all marks whose retention has ended, a batch at a time, each in a transaction of its own. Several processes
     * may do so at once.
     *
     * @return how many were removed
     */
    public long purge() {
        return purge.all();
    }

    @Override
    public String toString() {
        Dialect known = database.known();
        return "JdbcIdempotencyStore[" + (known == null ? "not connected yet" : known.folder()) + ", schema=" + schema
                + "]";
    }

    /** Builds a {@link JdbcIdempotencyStore}. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private SchemaMode schema = SchemaMode.VALIDATE;
        private Duration timeout = Duration.ofSeconds(10);
        private Duration purgeInterval = Duration.ofSeconds(10);
        private int purgeBatch = 500;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /** What is done about the tables; default {@link SchemaMode#VALIDATE}. */
        public Builder schema(SchemaMode schema) {
            this.schema = Objects.requireNonNull(schema, "schema");
            return this;
        }

        /**
         * How long a call waits for the database's answer, 100 ms to 10 min; default 10 s. By the driver's network
         * time-out, which H2 lacks. How long it waits for a connection is the pool's affair.
         */
        public Builder timeout(Duration timeout) {
            this.timeout = Bounds.between("timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(10));
            return this;
        }

        /** How often a call removes a batch of expired entries, up to 1 day; zero for never; default 10 s. */
        public Builder purgeInterval(Duration purgeInterval) {
            this.purgeInterval = Bounds.between("purgeInterval", purgeInterval, Duration.ZERO, Duration.ofDays(1));
            return this;
        }

        /** How many entries one statement removes at most, 1 to 100,000; default 500. */
        public Builder purgeBatch(int purgeBatch) {
            this.purgeBatch = Bounds.between("purgeBatch", purgeBatch, 1, 100_000);
            return this;
        }

        /**
         * The store. Looks at the tables if the database answers.
         *
         * @throws MessagingException with NOT_FOUND or MISMATCH if the tables are not those that this version needs, with
         *     UNSUPPORTED if the database is none of those named, with AUTHENTICATION or AUTHORIZATION if the user may not
         */
        public JdbcIdempotencyStore build() {
            JdbcIdempotencyStore store = new JdbcIdempotencyStore(this);
            store.database.lookNow("idempotency store");
            return store;
        }
    }
}
