package io.anymq.activemq;

import io.anymq.TimeSource;
import io.anymq.spi.BrokerUrl;
import io.anymq.spi.ConnectionContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What the engine would hand to the adapter. */
final class Contexts {
    private static final AtomicInteger CLIENTS = new AtomicInteger();
    private static final TimeSource SYSTEM = new TimeSource() {
        @Override
        public long currentTimeMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Cancellable schedule(Runnable task, Duration delay) {
            throw new UnsupportedOperationException("the adapter schedules nothing");
        }
    };

    private Contexts() {}

    static ConnectionContext context(String url, Map<String, String> options) {
        return context(url, options, Duration.ofSeconds(10));
    }

    static ConnectionContext context(String url, Map<String, String> options, Duration timeout) {
        return new ConnectionContext(
                BrokerUrl.parse(url),
                new MapConfig(options),
                "anymq-test-" + CLIENTS.incrementAndGet(),
                timeout,
                timeout,
                SYSTEM);
    }
}
