package io.anymq.internal.receive.redelivery;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Nanos;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerBrowser;
import io.anymq.spi.Capability;
import io.anymq.spi.InboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A look at one dead-letter queue, page by page. Thread-safe, so that a client can close it while it is being read.
 */
public final class LetterBrowser implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LetterBrowser.class);
    private static final int PAGE = 200;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Queue queue;
    private final BrokerBrowser browser;
    private final Open open;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closed;

    /** Those of one client that are open. Thread-safe. */
    public static final class Open {
        private final Set<LetterBrowser> browsers = ConcurrentHashMap.newKeySet();
        private volatile boolean closed;

        /** Closes all, and those that are opened later. */
        public void close() {
            closed = true;
            browsers.forEach(LetterBrowser::close);
        }
    }

    private LetterBrowser(Queue queue, BrokerBrowser browser, Open open) {
        this.queue = queue;
        this.browser = browser;
        this.open = open;
    }

    /** Throws UNSUPPORTED, NOT_FOUND, and what an adapter throws. */
    static LetterBrowser open(EngineContext engine, Queue queue, Open open) {
        if (!engine.capabilities().has(Capability.BROWSE)) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    "the letters of " + queue + " cannot be looked at, because this broker's adapter has no BROWSE;"
                            + " redrive and discard work, also with a filter");
        }
        Address.OfQueue address = engine.addresses().of(queue);
        // a misspelt name is an error and creates no queue
        engine.connection().provision(address, Origins.creatingNothing(engine.provisionMode()));
        LetterBrowser opened = new LetterBrowser(queue, engine.connection().openBrowser(address), open);
        open.browsers.add(opened);
        if (open.closed) {
            opened.close();
        }
        return opened;
    }

    /** The next letters; empty at the end. */
    List<? extends InboundMessage> next() {
        lock.lock();
        try {
            if (closed) {
                throw new MessagingException(
                        ErrorCode.CLOSED, "the look at " + queue + " is closed, by itself or with its client");
            }
            return browser.next(PAGE);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        open.browsers.remove(this);
        try {
            if (lock.tryLock(Nanos.of(CLOSING), TimeUnit.NANOSECONDS)) {
                try {
                    browser.close(CLOSING);
                } finally {
                    lock.unlock();
                }
            } else {
                log.warn("Could not close a look at {}: it is still being read; the connection's close ends it", queue);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            log.warn("Could not close a look at {}: {}", queue, e.toString());
        }
    }
}
