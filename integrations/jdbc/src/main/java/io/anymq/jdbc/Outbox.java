package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.Codec;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Limits;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.TypeRef;
import io.anymq.policy.Ordering;
import io.anymq.spi.ConfigValues;
import java.lang.reflect.Type;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Stores messages in the transaction that has the effect they tell of, so that both happen or neither does; an {@link
 * OutboxRelay} sends them after the commit. Thread-safe; starts no thread.
 *
 * <pre>{@code
 * Transactions transactions = Transactions.of(dataSource);
 * Outbox outbox = Outbox.builder(transactions).build();
 * OutboxProducer<Order> placed = outbox.producer(Queue.of("orders"), Order.class);
 * OutboxRelay relay = outbox.relay(client).start();
 * }</pre>
 *
 * <p><b>Order.</b> The messages of a key (with total order: of the destination) are sent in the order in which their
 * transactions were committed, on every database. To that end a transaction locks the key until it ends, and another one
 * that sends with the same key waits for it; on PostgreSQL by an advisory lock, elsewhere by a row of {@code
 * anymq_outbox_lock}. There are 4,096 such locks, so that few keys share one. Send late in a transaction, and with several
 * keys in the same order of keys; transactions in each other's way are ended by the database as any other deadlock.
 *
 * <p>A message reaches the broker at least once, with the same id each time: a relay that is killed between the confirm and
 * its commit sends again. An {@link Inbox} at the other end recognizes that. Interceptors see a message when the relay
 * sends it; what belongs to the moment of {@code send}, such as a trace, has to be in a header.
 */
@API(API.Status.EXPERIMENTAL)
public final class Outbox {
    private final Transactions transactions;
    private final Database database;
    private final SchemaMode schema;
    private final BodyEncoder encoder;
    private final int maxBodyBytes;
    private final boolean notify;

    private Outbox(Builder builder) {
        this.transactions = builder.transactions;
        this.schema = builder.schema;
        this.database =
                new Database(transactions.dataSource(), Schema.Part.OUTBOX, schema, (int) builder.timeout.toMillis());
        this.encoder = new BodyEncoder(builder.codecs);
        this.maxBodyBytes = builder.maxBodyBytes;
        this.notify = builder.notify;
    }

    /** Starts from the defaults, on {@link Transactions#of}. */
    public static Builder builder(DataSource dataSource) {
        return builder(Transactions.of(dataSource));
    }

    /** Starts from the defaults. */
    public static Builder builder(Transactions transactions) {
        return new Builder(transactions);
    }

    /** A producer of bodies of a class. */
    public <T> OutboxProducer<T> producer(Destination destination, Class<T> type) {
        return new OutboxProducer<>(
                this, Objects.requireNonNull(destination, "destination"), Objects.requireNonNull(type, "type"));
    }

    /** A producer of bodies of a type with type arguments. */
    public <T> OutboxProducer<T> producer(Destination destination, TypeRef<T> type) {
        return new OutboxProducer<>(this, Objects.requireNonNull(destination, "destination"), type.type());
    }

    /** A relay that sends what is stored through {@code client}; not started. */
    public OutboxRelay.Builder relay(MessagingClient client) {
        return new OutboxRelay.Builder(transactions.dataSource(), schema, database.timeoutMillis(), notify, client);
    }

    /** The transactions it works in. */
    public Transactions transactions() {
        return transactions;
    }

    Connection current() {
        return transactions
                .current()
                .orElseThrow(() -> new TransactionRequiredException(
                        "an outbox stores messages in a transaction, and this thread is in none; send within"
                                + " Transactions.call, in the handler of an Inbox or in a method of Spring's @Transactional,"
                                + " or give the connection of yours"));
    }

    /** Checks and encodes. */
    OutboxRow row(Destination destination, Message<?> message, Type type) {
        if (message.delay() != null && (message.key() != null || destination.ordering() == Ordering.TOTAL)) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "a delayed message cannot keep its order; send it without a key to a destination without total order,"
                            + " or without the delay");
        }
        BodyEncoder.Encoded encoded = encoder.encode(destination, message, type);
        if (encoded.bytes().length > maxBodyBytes) {
            throw new MessagingException(
                    ErrorCode.TOO_LARGE,
                    "the body must not exceed " + maxBodyBytes + " bytes, but has " + encoded.bytes().length
                            + "; send a reference instead of the data, or raise the maximum of the outbox and of the"
                            + " relay's client");
        }
        String id = message.id() == null ? UUID.randomUUID().toString() : message.id();
        Duration delay = message.delay();
        return new OutboxRow(
                destination,
                OutboxRow.order(destination, message.key()),
                OutboxRow.isOrdered(destination, message.key()),
                id,
                message.key(),
                encoded.contentType(),
                new Envelope(id, message.key(), message.headers()).toBytes(),
                encoded.bytes(),
                delay == null ? 0 : delay.toMillis());
    }

    /** Stores rows in the transaction of {@code connection}. */
    void write(Connection connection, List<OutboxRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        try {
            if (connection.getAutoCommit()) {
                throw new TransactionRequiredException(
                        "an outbox stores messages in a transaction, and this connection is in auto-commit mode; call"
                                + " setAutoCommit(false) before the first statement of the transaction");
            }
            Dialect sql = database.known();
            if (sql == null) {
                // the tables are looked at by the relay and when the outbox is built, not with the caller's connection
                sql = Dialect.of(connection);
            }
            List<OutboxRow> ordered = new ArrayList<>(rows);
            // transactions that lock in the same order do not lock each other out
            ordered.sort(Comparator.comparingInt(row -> row.isOrdered() ? row.slot() : -1));
            OutboxSql.insert(connection, sql, ordered, notify);
        } catch (SQLException e) {
            throw JdbcFailures.typed("store a message in the outbox", e);
        }
    }

    /** Builds an {@link Outbox}. Not thread-safe. */
    public static final class Builder {
        private final Transactions transactions;
        private final List<Codec> codecs = new ArrayList<>();
        private SchemaMode schema = SchemaMode.VALIDATE;
        private Duration timeout = Duration.ofSeconds(10);
        private boolean notify;
        private int maxBodyBytes = Limits.DEFAULT_MAX_BODY_BYTES;

        private Builder(Transactions transactions) {
            this.transactions = Objects.requireNonNull(transactions, "transactions");
        }

        /** Takes what is configured under {@code anymq.jdbc.}: {@code configured(client.config("jdbc"))}. */
        public Builder configured(ConfigValues config) {
            return schema(SchemaMode.valueOf(
                            config.text(JdbcConfig.SCHEMA).orElseThrow().toUpperCase(Locale.ROOT)))
                    .timeout(config.duration(JdbcConfig.TIMEOUT))
                    .notifyRelays(config.flag(JdbcConfig.OUTBOX_NOTIFY));
        }

        /** Adds a codec, preferred to text, bytes and those on the class path. */
        public Builder codec(Codec codec) {
            codecs.add(Objects.requireNonNull(codec, "codec"));
            return this;
        }

        /** What is done about the tables; default {@link SchemaMode#VALIDATE}. */
        public Builder schema(SchemaMode schema) {
            this.schema = Objects.requireNonNull(schema, "schema");
            return this;
        }

        /** How long an answer to the relay's statements is waited for, 100 ms to 10 min; default 10 s. */
        public Builder timeout(Duration timeout) {
            this.timeout = Bounds.between("timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(10));
            return this;
        }

        /**
         * Whether on PostgreSQL a commit wakes the relays by NOTIFY, instead of their next poll; default false. Commits
         * that notify wait for each other in PostgreSQL, and each relay keeps a connection of the pool to listen; polling
         * goes on beside it.
         */
        public Builder notifyRelays(boolean notify) {
            this.notify = notify;
            return this;
        }

        /** The largest encoded body in bytes, 1 to 1 GiB; default 1 MiB. The relay's client has a limit, too. */
        public Builder maxBodyBytes(int maxBodyBytes) {
            this.maxBodyBytes = Bounds.between("maxBodyBytes", maxBodyBytes, 1, 1 << 30);
            return this;
        }

        /**
         * The outbox. Looks at the tables if the database answers.
         *
         * @throws MessagingException with NOT_FOUND or MISMATCH if the tables are not those that this version needs, with
         *     UNSUPPORTED if the database is none of those supported, with AUTHENTICATION or AUTHORIZATION if the user
         *     may not
         */
        public Outbox build() {
            Outbox outbox = new Outbox(this);
            outbox.database.lookNow("outbox");
            return outbox;
        }
    }
}
