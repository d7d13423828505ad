package io.anymq.internal.receive.policy;

import io.anymq.Delivery;
import io.anymq.Interceptor;
import io.anymq.internal.support.Failures;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log lines about one message with the interceptors around them; they are written whatever those do. For one thread. */
final class InterceptedLog implements Interceptor.LogContext {
    private static final Logger log = LoggerFactory.getLogger(InterceptedLog.class);

    private final List<Interceptor> interceptors;
    private final Delivery<?> delivery;
    private final Runnable lines;
    private boolean written;

    private InterceptedLog(List<Interceptor> interceptors, Delivery<?> delivery, Runnable lines) {
        this.interceptors = interceptors;
        this.delivery = delivery;
        this.lines = lines;
    }

    static void write(List<Interceptor> interceptors, Delivery<?> delivery, Runnable lines) {
        if (interceptors.isEmpty()) {
            lines.run();
        } else {
            new InterceptedLog(interceptors, delivery, lines).proceed(0);
        }
    }

    @Override
    public Delivery<?> delivery() {
        return delivery;
    }

    private void proceed(int level) {
        if (written) {
            return;
        }
        if (level == interceptors.size()) {
            written = true;
            lines.run();
            return;
        }
        Interceptor interceptor = interceptors.get(level);
        try {
            interceptor.aroundLog(this, () -> proceed(level + 1));
        } catch (Throwable e) {
            log.warn(
                    "Interceptor {} failed around a line of the log",
                    interceptor.getClass().getName(),
                    Failures.printable(e));
        }
        proceed(level + 1);
    }
}
