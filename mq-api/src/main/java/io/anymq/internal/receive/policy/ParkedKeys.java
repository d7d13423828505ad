package io.anymq.internal.receive.policy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Source;
import io.anymq.TimeSource;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Restrictions;
import io.anymq.policy.ParkedKeyStore;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parked keys of one consumer, each with the redrive that had brought the message it was parked for: a message of
 * another redrive frees it. With a store, changes are written there first. Thread-safe.
 */
public final class ParkedKeys {
    private static final Logger log = LoggerFactory.getLogger(ParkedKeys.class);

    /** About 20 MB. A message that would park one more waits instead of being dead-lettered. */
    static final int MOST = 100_000;

    private static final Duration REFRESH = Duration.ofSeconds(5);
    private static final String READING = "parked keys";

    private final TimeSource time;
    private final String source;
    private final @Nullable ParkedKeyStore store;
    private final Restrictions restrictions;
    private final Map<String, String> marks = new ConcurrentHashMap<>();
    private final Executor reads;

    /** Changes made here: what the store said before one of them is out of date. */
    private int changes;

    private boolean closed;
    private TimeSource.@Nullable Cancellable next;

    /** {@code reads} runs the store's calls beside those of messages. */
    public ParkedKeys(
            TimeSource time, Source source, @Nullable ParkedKeyStore store, Executor reads, Restrictions restrictions) {
        this.time = time;
        this.source = source.path();
        this.store = store;
        this.reads = reads;
        this.restrictions = restrictions;
    }

    /** Reads the store, on the thread that starts the consumer. */
    public void begin() {
        if (store == null) {
            return;
        }
        Map<String, String> known;
        try {
            known = read(store);
        } catch (Throwable e) {
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE, cannotRead(e) + "; start the consumer again when it can", true, e);
        }
        marks.putAll(known);
        if (!known.isEmpty()) {
            log.info(
                    "{} keys of {} are parked, so their messages are dead-lettered until a redrive or resumeKey frees"
                            + " them",
                    known.size(),
                    source);
        }
        readLater();
    }

    private String cannotRead(Throwable failure) {
        return "the parked-key store could not read the keys of " + source + ": " + Failures.text(failure);
    }

    private Map<String, String> read(ParkedKeyStore from) {
        return Map.copyOf(Objects.requireNonNull(from.parked(source), "parked() returned null"));
    }

    private synchronized void readLater() {
        if (!closed) {
            next = time.schedule(this::startReading, REFRESH);
        }
    }

    private void startReading() {
        try {
            reads.execute(this::readAgain);
        } catch (RejectedExecutionException closing) {
            end();
        }
    }

    private void readAgain() {
        ParkedKeyStore from = Objects.requireNonNull(store);
        int before;
        synchronized (this) {
            before = changes;
        }
        try {
            Map<String, String> known = read(from);
            synchronized (this) {
                if (changes == before) {
                    marks.keySet().retainAll(known.keySet());
                    marks.putAll(known);
                }
            }
            restrictions.remove(READING);
        } catch (Throwable e) {
            restrictions.add(READING, cannotRead(e) + "; it is asked again every " + REFRESH.toSeconds() + " s");
        }
        readLater();
    }

    /** Reads the store no more. */
    public synchronized void end() {
        closed = true;
        TimeSource.Cancellable last = next;
        if (last != null) {
            last.cancel();
        }
    }

    public Set<String> keys() {
        return Set.copyOf(marks.keySet());
    }

    /** Whether the key of {@code task} is parked. */
    boolean holds(Task task) {
        if (marks.isEmpty()) {
            return false;
        }
        String key = task.key();
        return key != null && marks.containsKey(key);
    }

    /** Whether a redrive that began after its key was parked has brought it. */
    boolean isFreedBy(Task task) {
        String redrive = redrive(task);
        String key = task.key();
        return !redrive.isEmpty() && key != null && !redrive.equals(marks.get(key));
    }

    private static String redrive(Task task) {
        return task.message.headers().getOrDefault(WireHeaders.REDRIVE, "");
    }

    /** Whether there is no room for the key of {@code task}. */
    boolean isFullFor(String key) {
        return marks.size() >= MOST && !marks.containsKey(key);
    }

    /** The store remembers it before its message leaves; throws whatever the store does. */
    void remember(Task task, String key) {
        if (store != null) {
            store.park(source, key, redrive(task));
        }
    }

    synchronized void add(Task task, String key) {
        changes++;
        marks.put(key, redrive(task));
    }

    /** Throws whatever the store does; the key stays parked then. */
    public void free(String key) {
        if (store != null) {
            store.resume(source, key);
        }
        synchronized (this) {
            changes++;
            marks.remove(key);
        }
    }
}
