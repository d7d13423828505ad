package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.BatchHandler;
import io.anymq.Delivery;
import io.anymq.Handler;
import io.anymq.MessagingException;
import io.anymq.Source;
import io.anymq.spi.ConfigValues;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives each message exactly one effect in a database: the handler, a mark with the message's id, and what the handler
 * publishes are one transaction. A message whose mark is there is settled without the handler. Thread-safe; starts no
 * thread.
 *
 * <pre>{@code
 * Transactions transactions = Transactions.of(dataSource);
 * Outbox outbox = Outbox.builder(transactions).build();
 * Inbox inbox = Inbox.builder(transactions).outbox(outbox).build();
 *
 * client.consumer(payments, Payment.class).start(inbox.handler((delivery, connection) -> {
 *     book(connection, delivery.body());
 *     delivery.publish(receipts, Message.of(receipt).withKey(delivery.key()));
 * }));
 * }</pre>
 *
 * <p>The order is: begin, insert the mark, call the handler, store its outputs, commit, settle at the broker. A crash
 * before the commit leaves nothing behind, and the message comes again; a crash after it leaves everything, and the
 * message that comes again is a duplicate. Two processes that have the same message at once follow one another, because
 * the second waits for the first one's mark. The mark costs one statement per message.
 *
 * <p>Interceptors, retry and dead letters work as for any handler: a rollback is a failed attempt, and a message that
 * went to the dead-letter queue has no mark, so it is handled when it is sent back. Do not add an {@link
 * io.anymq.policy.IdempotencyPolicy} to the same consumer: it would only cost more.
 *
 * <p>Failures of the database are {@link MessagingException}s that say what to do: see {@link JdbcIdempotencyStore}. What
 * the handler's own statements throw is passed on as it is.
 *
 * <p>Marks are removed some time after their retention: by {@link #purge}, and a batch now and then after a message.
 */
@API(API.Status.EXPERIMENTAL)
public final class Inbox {
    private final Transactions transactions;
    private final Database database;
    private final @Nullable Outbox outbox;
    private final String scope;
    private final long retentionMicros;
    private final Purge purge;

    private Inbox(Builder builder) {
        this.transactions = builder.transactions;
        this.database = new Database(
                transactions.dataSource(), Schema.Part.INBOX, builder.schema, (int) builder.timeout.toMillis());
        this.outbox = builder.outbox;
        this.scope = builder.scope;
        this.retentionMicros = Dialect.micros(builder.retention);
        this.purge = new Purge(
                database, InboxSql::purge, builder.purgeInterval.toNanos(), builder.purgeBatch, "marks of the inbox");
    }

    /** Starts from the defaults, on {@link Transactions#of}. */
    public static Builder builder(DataSource dataSource) {
        return builder(Transactions.of(dataSource));
    }

    /** Starts from the defaults. */
    public static Builder builder(Transactions transactions) {
        return new Builder(transactions);
    }

    /** The handler for {@link io.anymq.ConsumerBuilder#start}. */
    public <T> Handler<T> handler(TransactionalHandler<T> handler) {
        Objects.requireNonNull(handler, "handler");
        return delivery ->
                handle(List.of(delivery), (deliveries, connection) -> handler.handle(deliveries.get(0), connection));
    }

    /**
     * The handler for {@link io.anymq.ConsumerBuilder#startBatch}: the batch is one transaction. When it fails, each
     * message is handled alone, in a transaction of its own.
     */
    public <T> BatchHandler<T> batchHandler(TransactionalBatchHandler<T> handler) {
        Objects.requireNonNull(handler, "handler");
        return deliveries -> handle(deliveries, handler);
    }

    private <T> void handle(List<Delivery<T>> deliveries, TransactionalBatchHandler<T> handler) throws Exception {
        // before the transaction, so that a pool of one connection is enough
        Dialect sql = database.ready("look at the tables of the inbox");
        for (int round = 1; ; round++) {
            try {
                transactions.call(connection -> {
                    inTransaction(connection, sql, deliveries, handler);
                    return this;
                });
                break;
            } catch (MarkConflict e) {
                // the handler has not been called yet
                if (round == Database.TRIES) {
                    throw JdbcFailures.typed("mark a message as handled", e.failure);
                }
            }
        }
        purge.ifDue();
    }

    @SuppressWarnings("try") // a time-out is only closed
    private <T> void inTransaction(
            Connection connection, Dialect sql, List<Delivery<T>> deliveries, TransactionalBatchHandler<T> handler)
            throws Exception {
        List<TransactionalDelivery<T>> fresh = new ArrayList<>(deliveries.size());
        try (NetworkTimeout unused = NetworkTimeout.set(connection, database.timeoutMillis())) {
            for (Delivery<T> delivery : deliveries) {
                if (mark(connection, sql, delivery.source(), delivery.id())) {
                    fresh.add(new TransactionalDelivery<>(delivery, outbox));
                }
            }
        }
        if (fresh.isEmpty()) {
            return;
        }
        List<OutboxRow> outputs = new ArrayList<>();
        try {
            handler.handle(List.copyOf(fresh), connection);
        } finally {
            fresh.forEach(delivery -> outputs.addAll(delivery.end()));
        }
        if (outbox != null && !outputs.isEmpty()) {
            outbox.write(connection, outputs);
        }
    }

    private boolean mark(Connection connection, Dialect sql, Source source, String messageId) {
        EntryId id = EntryId.of(scope + "\n" + source.path(), messageId);
        try {
            return InboxSql.mark(connection, sql, id, source.path(), messageId, retentionMicros);
        } catch (SQLException e) {
            if (JdbcFailures.isConflict(e)) {
                throw new MarkConflict(e);
            }
            throw JdbcFailures.typed("mark a message as handled", e);
        }
    }

    /** Another transaction was in the way of a mark, so that the transaction may be begun again. */
    private static final class MarkConflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SQLException failure;

        MarkConflict(SQLException failure) {
            super(null, failure, false, false);
            this.failure = failure;
        }
    }

    /**
     * Removes all marks whose retention has ended by the database's clock, a batch at a time, each in a transaction of its
     * own. Several processes may do so at once.
     *
     * @return how many were removed
     */
    public long purge() {
        return purge.all();
    }

    /** Builds an {@link Inbox}. Not thread-safe. */
    public static final class Builder {
        private final Transactions transactions;
        private @Nullable Outbox outbox;
        private String scope = "";
        private SchemaMode schema = SchemaMode.VALIDATE;
        private Duration timeout = Duration.ofSeconds(10);
        private Duration retention = Duration.ofDays(7);
        private Duration purgeInterval = Duration.ofSeconds(10);
        private int purgeBatch = 500;

        private Builder(Transactions transactions) {
            this.transactions = Objects.requireNonNull(transactions, "transactions");
        }

        /** Takes what is configured under {@code anymq.jdbc.}: {@code configured(client.config("jdbc"))}. */
        public Builder configured(ConfigValues config) {
            return schema(SchemaMode.valueOf(
                            config.text(JdbcConfig.SCHEMA).orElseThrow().toUpperCase(Locale.ROOT)))
                    .timeout(config.duration(JdbcConfig.TIMEOUT))
                    .retention(config.duration(JdbcConfig.INBOX_RETENTION))
                    .purgeInterval(config.duration(JdbcConfig.PURGE_INTERVAL))
                    .purgeBatch((int) config.number(JdbcConfig.PURGE_BATCH));
        }

        /**
         * Where {@link Delivery#publish} stores its messages; it must work on the same transactions. Without one, publish
         * is refused with {@link io.anymq.ErrorCode#UNSUPPORTED}, because an output could be lost after the commit.
         */
        public Builder outbox(Outbox outbox) {
            if (outbox.transactions() != transactions) {
                throw new IllegalArgumentException(
                        "the outbox works on other transactions; build it on the same Transactions object");
            }
            this.outbox = outbox;
            return this;
        }

        /**
         * Tells apart inboxes in one database whose sources have the same name, such as two brokers' queue
         * {@code orders}; default empty. Processes that share the work must name the same.
         */
        public Builder scope(String scope) {
            this.scope = Objects.requireNonNull(scope, "scope");
            return this;
        }

        /** What is done about the tables; default {@link SchemaMode#VALIDATE}. */
        public Builder schema(SchemaMode schema) {
            this.schema = Objects.requireNonNull(schema, "schema");
            return this;
        }

        /** How long an answer to the inbox's own statements is waited for, 100 ms to 10 min; default 10 s. */
        public Builder timeout(Duration timeout) {
            this.timeout = Bounds.between("timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(10));
            return this;
        }

        /**
         * How long a duplicate is recognized at least, 1 ms to 36,500 days; default 7 days. Longer than the time after
         * which a producer, an operator or a broker may repeat a message.
         */
        public Builder retention(Duration retention) {
            this.retention = Bounds.between("retention", retention, Duration.ofMillis(1), Duration.ofDays(36_500));
            return this;
        }

        /** How often a batch of marks is removed, up to 1 day; zero for never; default 10 s. */
        public Builder purgeInterval(Duration purgeInterval) {
            this.purgeInterval = Bounds.between("purgeInterval", purgeInterval, Duration.ZERO, Duration.ofDays(1));
            return this;
        }

        /** How many marks one statement removes at most, 1 to 100,000; default 500. */
        public Builder purgeBatch(int purgeBatch) {
            this.purgeBatch = Bounds.between("purgeBatch", purgeBatch, 1, 100_000);
            return this;
        }

        /**
         * The inbox. Looks at the tables if the database answers; otherwise the first message that reaches it does.
         *
         * @throws MessagingException with NOT_FOUND or MISMATCH if the tables are not those that this version needs, with
         *     UNSUPPORTED if the database is none of those supported, with AUTHENTICATION or AUTHORIZATION if the user
         *     may not
         */
        public Inbox build() {
            Inbox inbox = new Inbox(this);
            inbox.database.lookNow("inbox");
            return inbox;
        }
    }
}
