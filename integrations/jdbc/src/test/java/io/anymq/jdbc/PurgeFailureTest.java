package io.anymq.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.policy.IdempotencyStore.Claim;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A purge by the way must not fail the message that it is beside, whatever a data source throws. */
class PurgeFailureTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicInteger purges = new AtomicInteger();

    static List<Throwable> failures() {
        return List.of(
                new IOException("a checked exception that nothing declares"),
                new LinkageError("a driver that does not fit"),
                new IllegalStateException("a pool that is closed"));
    }

    /** Throws {@code failure} as it is when expired entries are to be removed. */
    private DataSource failingToPurge(DataSource dataSource, Throwable failure) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = invoke(dataSource, method, arguments);
            return result instanceof Connection connection ? failingToPurge(connection, failure) : result;
        });
    }

    private Connection failingToPurge(Connection connection, Throwable failure) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("prepareStatement")
                    && arguments[0].toString().stripLeading().startsWith("DELETE")) {
                purges.incrementAndGet();
                PurgeFailureTest.<RuntimeException>sneak(failure);
            }
            return invoke(connection, method, arguments);
        });
    }

    private static <T> T proxy(Class<T> type, java.lang.reflect.InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @SuppressWarnings("unchecked") // the way around the compiler's check
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aMessageIsCompletedAlthoughThePurgeFails(Throwable failure) {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:purge-" + failure.getClass().getSimpleName() + ";DB_CLOSE_DELAY=-1");
        JdbcIdempotencyStore store = JdbcIdempotencyStore.builder(failingToPurge(h2, failure))
                .schema(SchemaMode.CREATE)
                .purgeInterval(Duration.ofNanos(1))
                .build();
        for (String key : List.of("first", "second")) {
            Claim claim = store.claim("payments", key, 0, LONG);
            assertThat(claim).isInstanceOf(Claim.Granted.class);
            assertThat(store.complete("payments", key, ((Claim.Granted) claim).token(), LONG))
                    .isTrue();
        }
        assertThat(purges).as("it is tried again").hasValue(2);
        assertThat(store.claim("payments", "first", 0, LONG)).isInstanceOf(Claim.Done.class);
    }
}
