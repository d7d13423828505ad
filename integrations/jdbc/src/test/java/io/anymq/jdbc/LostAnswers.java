package io.anymq.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Connections of a database whose next answers are lost: what was asked is done and committed, and then it fails. */
final class LostAnswers {
    private final DataSource dataSource;
    private final AtomicInteger left = new AtomicInteger();

    LostAnswers(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Loses so many answers from now on. */
    void lose(int answers) {
        left.set(answers);
    }

    DataSource dataSource() {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Object result = invoke(dataSource, method, arguments);
                    return result instanceof Connection connection ? losing(connection) : result;
                });
    }

    private Connection losing(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    Object result = invoke(connection, method, arguments);
                    if (method.getName().equals("close") && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        throw new SQLException("the answer is lost on purpose", "08006");
                    }
                    return result;
                });
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
