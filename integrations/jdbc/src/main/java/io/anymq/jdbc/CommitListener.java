package io.anymq.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.BooleanSupplier;

/** Hears of commits on PostgreSQL, by its driver's own interface, which an application need not have. */
final class CommitListener {
    private static final String DRIVER = "org.postgresql.PGConnection";
    private static final int LOOK_MILLIS = 500;

    private CommitListener() {}

    /** Calls {@code wakeUp} after commits that have stored something, until {@code isOver}. Keeps the connection. */
    static void listen(Connection connection, Runnable wakeUp, BooleanSupplier isOver)
            throws SQLException, ReflectiveOperationException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + OutboxSql.NOTIFIED);
            Class<?> driver = Class.forName(DRIVER);
            Object own = connection.unwrap(driver);
            Method heard = driver.getMethod("getNotifications", int.class);
            while (!isOver.getAsBoolean()) {
                if (hear(heard, own)) {
                    wakeUp.run();
                }
            }
            statement.execute("UNLISTEN " + OutboxSql.NOTIFIED);
            connection.setAutoCommit(autoCommit);
        }
    }

    private static boolean hear(Method heard, Object own) throws SQLException, ReflectiveOperationException {
        try {
            return heard.invoke(own, LOOK_MILLIS) instanceof Object[] notifications && notifications.length > 0;
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof SQLException failure ? failure : new SQLException(e.getCause());
        }
    }
}
