package io.anymq.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A connection in a transaction that is ended from outside. */
final class GuardedConnection implements InvocationHandler {
    private final Connection connection;

    private GuardedConnection(Connection connection) {
        this.connection = connection;
    }

    static Connection of(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new GuardedConnection(connection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        switch (method.getName()) {
            case "commit" -> refuse("commit");
            case "rollback" -> {
                // to a savepoint is allowed
                if (arguments == null) {
                    refuse("roll back");
                }
            }
            case "setAutoCommit" -> {
                if (arguments != null && Boolean.TRUE.equals(arguments[0])) {
                    refuse("set auto-commit");
                }
            }
            case "abort" -> refuse("abort");
            case "close" -> {
                // libraries close what they use; it is given back when the transaction has ended
                return null;
            }
            case "equals" -> {
                return arguments != null && proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            default -> {}
        }
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void refuse(String what) throws SQLException {
        throw new SQLException(
                "could not " + what + ": the transaction is ended from outside; return normally to commit it, throw an"
                        + " exception to roll it back",
                "25000");
    }
}
