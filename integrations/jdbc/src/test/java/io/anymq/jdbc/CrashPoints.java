package io.anymq.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Where a process waits to be killed: when it comes to a point of this name for the n-th time. */
final class CrashPoints {
    private final String armed;
    private final AtomicInteger left;

    CrashPoints(String armed, int times) {
        this.armed = armed;
        this.left = new AtomicInteger(times);
    }

    @SuppressWarnings("SystemOut") // how it reports to its parent
    void reach(String point) {
        if (!point.equals(armed) || left.decrementAndGet() > 0) {
            return;
        }
        System.out.println("AT " + point);
        System.out.flush();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    /**
     * Has the points {@code before commit} and {@code after commit} of transactions that have an effect or remove what was
     * sent, and {@code before delete}.
     */
    DataSource around(DataSource dataSource) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = call(dataSource, method, arguments);
            return result instanceof Connection connection ? around(connection) : result;
        });
    }

    private Connection around(Connection connection) {
        boolean[] matters = new boolean[1];
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("prepareStatement")) {
                String sql = (String) arguments[0];
                if (sql.startsWith("DELETE FROM anymq_outbox WHERE seq")) {
                    matters[0] = true;
                    reach("before delete");
                } else if (sql.startsWith("INSERT INTO effects")) {
                    matters[0] = true;
                }
            }
            boolean commits = method.getName().equals("commit") && matters[0];
            if (commits) {
                reach("before commit");
            }
            Object result = call(connection, method, arguments);
            if (commits) {
                matters[0] = false;
                reach("after commit");
            }
            return result;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(CrashPoints.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
