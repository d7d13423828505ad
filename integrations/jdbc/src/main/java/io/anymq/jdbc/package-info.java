/**
 * A database beside the broker, on a plain {@link javax.sql.DataSource}: PostgreSQL, MariaDB, MySQL and H2. An {@link
 * io.anymq.jdbc.Inbox} gives each message one effect in it, an {@link io.anymq.jdbc.Outbox} sends what a transaction has
 * decided, and a {@link io.anymq.jdbc.JdbcIdempotencyStore} recognizes duplicates.
 */
@NullMarked
package io.anymq.jdbc;

import org.jspecify.annotations.NullMarked;
