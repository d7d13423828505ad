package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReconnectorTest {
    private final MessagingException gone = new MessagingException(ErrorCode.UNAVAILABLE, "gone");
    private final ScheduledExecutorService worker = Executors.newScheduledThreadPool(1);
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private final List<Object> opened = new CopyOnWriteArrayList<>();
    private final List<Object> watched = new CopyOnWriteArrayList<>();
    private final List<Object> discarded = new CopyOnWriteArrayList<>();
    private volatile @Nullable CountDownLatch gate;
    private volatile @Nullable Object broken;

    private final class Link extends Reconnector<Object> {
        Link() {
            super("X at host", "send", worker);
        }

        @Override
        protected Object open(Duration timeout) {
            Object connection = new Object();
            opened.add(connection);
            CountDownLatch wait = gate;
            if (wait != null) {
                try {
                    wait.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            if (!failures.isEmpty()) {
                throw failures.remove(0);
            }
            return connection;
        }

        @Override
        protected void watch(Object connection) {
            watched.add(connection);
        }

        @Override
        protected boolean isOpen(Object connection) {
            return connection != broken;
        }

        @Override
        protected void discard(Object late) {
            discarded.add(late);
        }

        void lose(Object connection) {
            broken = connection;
            lost(connection, gone);
        }

        @Nullable
        Object close() {
            return end();
        }
    }

    private final Link link = new Link();

    @AfterEach
    void stop() {
        worker.shutdownNow();
    }

    private static ErrorCode code(Runnable call) {
        List<ErrorCode> codes = new ArrayList<>();
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(MessagingException.class, error -> codes.add(error.code()));
        return codes.get(0);
    }

    @Test
    void theFirstFailureIsTheCallers() {
        failures.add(gone);
        assertThatThrownBy(() -> link.connect(Duration.ofSeconds(1))).isSameAs(gone);
        assertThat(link.last()).isNull();
        assertThat(code(link::get)).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void aLostConnectionIsReplacedAfterFailures() {
        Object first = link.connect(Duration.ofSeconds(1));
        assertThat(link.get()).isSameAs(first);
        failures.add(gone);
        failures.add(new IllegalStateException("a defect of the adapter"));
        link.lose(first);
        assertThatThrownBy(link::get)
                .hasMessageContaining("no connection to X at host")
                .hasCause(gone);
        await().until(() -> watched.size() == 2);
        assertThat(link.get()).isNotSameAs(first).isSameAs(watched.get(1));
        assertThat(opened).hasSize(4);
    }

    @Test
    void theEndOfAnEarlierConnectionChangesNothing() {
        Object first = link.connect(Duration.ofSeconds(1));
        link.lose(first);
        await().until(() -> watched.size() == 2);
        link.lose(first);
        assertThat(link.get()).isSameAs(watched.get(1));
    }

    @Test
    void aConnectionThatOpensAfterTheEndIsDiscarded() {
        Object first = link.connect(Duration.ofSeconds(1));
        CountDownLatch late = new CountDownLatch(1);
        gate = late;
        link.lose(first);
        await().until(() -> opened.size() == 2);
        assertThat(link.close()).isSameAs(first);
        assertThat(link.close()).isNull();
        late.countDown();
        await().until(() -> discarded.equals(List.of(opened.get(1))));
        assertThat(watched).containsExactly(first);
        assertThat(code(link::get)).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void aWorkerThatHasEndedIsNoError() {
        Object first = link.connect(Duration.ofSeconds(1));
        worker.shutdownNow();
        link.lose(first);
        assertThat(code(link::get)).isEqualTo(ErrorCode.UNAVAILABLE);
    }
}
