/** Stores for AnyMQ in a database, by JDBC. */
module io.anymq.jdbc {
    requires transitive io.anymq;
    requires transitive java.sql;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.anymq.jdbc;

    provides io.anymq.spi.ConfigModule with
            io.anymq.jdbc.JdbcConfig;
}
