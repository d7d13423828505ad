/**
 * Stores for AnyMQ in a database, on a plain {@link javax.sql.DataSource}: PostgreSQL, MariaDB, MySQL and H2. See
 * {@link io.anymq.jdbc.JdbcIdempotencyStore}.
 */
@NullMarked
package io.anymq.jdbc;

import org.jspecify.annotations.NullMarked;
