/** An inbox, an outbox and a store for AnyMQ in a database, by JDBC. */
module io.anymq.jdbc {
    requires transitive io.anymq;
    requires transitive java.sql;
    requires static transitive org.jspecify;
    requires org.slf4j;
    // for the relay as a process of its own
    requires static com.zaxxer.hikari;

    exports io.anymq.jdbc;

    uses io.anymq.Codec;

    provides io.anymq.spi.ConfigModule with
            io.anymq.jdbc.JdbcConfig;
}
