package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.policy.FlowControl;
import io.anymq.spi.HandlerTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The receive thread when lanes are revoked, the broker fails, there is no room, and at the end. */
class ReceiveLoopTest extends OnManualBroker {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    private Consumer blocking(int window, Duration drainTimeout) {
        return consumer(ORDERS)
                .concurrency(1)
                .flow(FlowControl.ofMaxInFlight(window))
                .drainTimeout(drainTimeout)
                .start(delivery -> {
                    note(delivery);
                    begun.countDown();
                    awaitLatch(mayEnd);
                });
    }

    @Test
    void aRevokedLaneFinishesWhatRunsAndStartsNothingMore() throws Exception {
        put("a", "a1", "a2");
        put("b", "b1");
        Consumer consumer = blocking(1_000, SOON);
        awaitLatch(begun);
        eventually(() -> consumer.inFlight() == 3);
        CompletableFuture<Void> revoked = broker.revoke(AT_ORDERS, 0);
        eventually(() -> consumer.inFlight() == 1);
        assertThat(revoked).isNotDone();
        mayEnd.countDown();
        revoked.get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(broker.ids(AT_ORDERS)).as("settled before the lane went").containsExactly("a2", "b1");
        assertThat(handled).containsExactly("a1#1");
        broker.grant(AT_ORDERS, 0);
        settledAll(consumer);
        assertThat(handled).containsExactlyInAnyOrder("a1#1", "a2#1", "b1#1");
    }

    @Test
    void otherLanesGoOnWhileOneIsAway() throws Exception {
        broker.streams = 2;
        String here = "b";
        String there = "a";
        assertThat(here.hashCode() % 2).isNotEqualTo(there.hashCode() % 2);
        Consumer consumer = consumer(ORDERS).start(this::note);
        put(there, "t1");
        settledAll(consumer);
        broker.revoke(AT_ORDERS, there.hashCode() % 2).get(SOON.toSeconds(), TimeUnit.SECONDS);
        put(there, "t2");
        put(here, "h1");
        eventually(() -> broker.ids(AT_ORDERS).equals(List.of("t2")));
        broker.grant(AT_ORDERS, there.hashCode() % 2);
        settledAll(consumer);
        assertThat(handled).containsExactly("t1#1", "h1#1", "t2#1");
    }

    @Test
    void aRevocationWaitsNoLongerThanTheDrainTimeOutAndFencesWhatIsLate() throws Exception {
        put("a", "a1");
        Consumer consumer = blocking(1_000, Duration.ZERO);
        awaitLatch(begun);
        broker.revoke(AT_ORDERS, 0).get(SOON.toSeconds(), TimeUnit.SECONDS);
        mayEnd.countDown();
        lookedAround(AT_ORDERS);
        assertThat(broker.ids(AT_ORDERS)).as("it belongs to another consumer").containsExactly("a1");
        assertThat(observer.settled).isEmpty();
        broker.grant(AT_ORDERS, 0);
        settledAll(consumer);
        assertThat(handled).containsExactly("a1#1", "a1#1");
    }

    @Test
    void nothingOfALostLaneIsSettled() throws Exception {
        put("a", "a1", "a2");
        Consumer consumer = blocking(1_000, SOON);
        awaitLatch(begun);
        eventually(() -> consumer.inFlight() == 2);
        broker.lose(AT_ORDERS, 0).get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(consumer.inFlight()).isZero();
        mayEnd.countDown();
        lookedAround(AT_ORDERS);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("a1", "a2");
        assertThat(handled).containsExactly("a1#1");
        broker.grant(AT_ORDERS, 0);
        settledAll(consumer);
        assertThat(handled).containsExactly("a1#1", "a1#2", "a2#1");
    }

    @Test
    void aReceiverThatFailsIsReplacedAndHealthSaysSo() {
        Consumer consumer = consumer(ORDERS).start(this::note);
        eventually(() -> consumer.health().status() == Health.Status.UP);
        broker.failReceive(AT_ORDERS, ManualBroker.down());
        eventually(() -> broker.receivers.get() == 2);
        put("k", "m1");
        settledAll(consumer);
        broker.failReceive(AT_ORDERS, new IllegalStateException("a defect of the adapter"));
        eventually(() -> broker.receivers.get() == 3);
        put("k", "m2");
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m2#1");
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
        assertThat(observer.healths)
                .containsExactly(
                        Health.Status.UP,
                        Health.Status.DEGRADED,
                        Health.Status.UP,
                        Health.Status.DEGRADED,
                        Health.Status.UP);
    }

    @Test
    void onlyABrokerThatWaitedForTheHandlerMakesTheAttemptCount() {
        Semaphore mayEnd = new Semaphore(0);
        Consumer consumer = consumer(ORDERS).start(delivery -> {
            note(delivery);
            mayEnd.acquire();
        });
        put("k", "m1");
        eventually(() -> handled.size() == 1);
        broker.failReceive(AT_ORDERS, new MessagingException(ErrorCode.TIMEOUT, "no answer in time", true, null));
        eventually(() -> broker.receivers.get() == 2);
        mayEnd.release();
        eventually(() -> handled.size() == 2);
        time.advance(Duration.ofSeconds(59));
        broker.failReceive(AT_ORDERS, tookLongerThan(Duration.ofMinutes(1)));
        eventually(() -> broker.receivers.get() == 3);
        mayEnd.release();
        eventually(() -> handled.size() == 3);
        time.advance(Duration.ofMinutes(1));
        broker.failReceive(AT_ORDERS, tookLongerThan(Duration.ofMinutes(1)));
        eventually(() -> broker.receivers.get() == 4);
        mayEnd.release();
        eventually(() -> handled.size() == 4);
        broker.failReceive(AT_ORDERS, tookLongerThan(Duration.ZERO));
        eventually(() -> broker.receivers.get() == 5);
        mayEnd.release(2);
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#1", "m1#1", "m1#2", "m1#3");
    }

    private static HandlerTimeoutException tookLongerThan(Duration limit) {
        return new HandlerTimeoutException("the handler takes too long", limit, null);
    }

    /** By this consumer if it may, or by another. */
    @Test
    void aSourceThatIsDeletedIsWaitedFor() {
        Consumer consumer = consumer(ORDERS).start(this::note);
        AtomicInteger tries = new AtomicInteger();
        broker.onOpenReceiver = address -> {
            if (tries.incrementAndGet() < 3) {
                throw new MessagingException(ErrorCode.NOT_FOUND, "there is no such queue");
            }
        };
        int before = broker.provisions.size();
        broker.failReceive(AT_ORDERS, ManualBroker.down());
        eventually(() -> tries.get() == 3);
        put("k", "m1");
        settledAll(consumer);
        assertThat(broker.provisions.size() - before)
                .as("asked to create it again")
                .isPositive();
        assertThat(observer.healths)
                .startsWith(Health.Status.UP, Health.Status.DEGRADED)
                .endsWith(Health.Status.UP)
                .doesNotContain(Health.Status.DOWN);
    }

    @Test
    void aBrokerThatStaysAwayIsAskedLessAndLessOften() {
        Consumer consumer = consumer(ORDERS).start(this::note);
        List<Long> tries = new CopyOnWriteArrayList<>();
        broker.onOpenReceiver = address -> {
            tries.add(System.nanoTime());
            if (tries.size() < 5) {
                throw ManualBroker.down();
            }
        };
        broker.failReceive(AT_ORDERS, ManualBroker.down());
        eventually(() -> tries.size() == 5);
        assertThat(consumer.health().status()).isNotEqualTo(Health.Status.DOWN);
        put("k", "m1");
        settledAll(consumer);
        long[] atLeast = {200, 400, 800, 1_000};
        for (int i = 0; i < atLeast.length; i++) {
            assertThat(tries.get(i + 1) - tries.get(i)).isGreaterThanOrEqualTo(atLeast[i] * 1_000_000);
        }
    }

    /** As after a broken part of a broker: the opening alone is no success. */
    @Test
    void aReceiverThatOpensAndFailsAtOnceIsReplacedLessAndLessOften() {
        Consumer consumer = consumer(ORDERS).start(this::note);
        List<Long> openings = new CopyOnWriteArrayList<>();
        broker.onOpenReceiver = address -> {
            openings.add(System.nanoTime());
            if (openings.size() < 5) {
                broker.failReceive(AT_ORDERS, ManualBroker.down());
            }
        };
        broker.failReceive(AT_ORDERS, ManualBroker.down());
        eventually(() -> broker.receivers.get() == 6);
        lookedAround(AT_ORDERS);
        assertThat(consumer.health().status()).as("nothing was received yet").isEqualTo(Health.Status.DEGRADED);
        long[] atLeast = {200, 400, 800, 1_600};
        for (int i = 0; i < atLeast.length; i++) {
            assertThat(openings.get(i + 1) - openings.get(i)).isGreaterThanOrEqualTo(atLeast[i] * 1_000_000);
        }
        put("k", "m1");
        settledAll(consumer);
        eventually(() -> consumer.health().status() == Health.Status.UP);
        assertThat(handled).containsExactly("m1#1");
    }

    @Test
    void afterAFinalFailureTheConsumerIsDownAndAsksNoMore() {
        Consumer consumer = consumer(ORDERS).start(this::note);
        broker.failReceive(AT_ORDERS, new MessagingException(ErrorCode.AUTHORIZATION, "the permission was withdrawn"));
        eventually(() -> consumer.health().status() == Health.Status.DOWN);
        assertThat(consumer.health().detail()).contains("the permission was withdrawn");
        put("k", "m1");
        eventually(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("anymq-receive-")));
        assertThat(consumer.health().status()).isEqualTo(Health.Status.DOWN);
        assertThat(observer.healths).endsWith(Health.Status.DOWN);
        assertThat(broker.receivers).hasValue(1);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1");
    }

    @Test
    void aConsumerThatCannotBeginSaysWhyAndLeavesNothing() {
        broker.onOpenReceiver = address -> {
            throw ManualBroker.down();
        };
        assertThatThrownBy(() -> consumer(ORDERS).start(this::note))
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(broker.receivers).hasValue(0);
    }

    @Test
    void aSettlementThatFailsMeansARedelivery() {
        AtomicInteger failures = new AtomicInteger();
        broker.onAcknowledge = messages -> {
            if (failures.getAndIncrement() == 0) {
                throw ManualBroker.down();
            }
        };
        put("k", "m1");
        Consumer consumer = consumer(ORDERS).start(this::note);
        settledAll(consumer);
        assertThat(handled).as("no attempt has failed").containsExactly("m1#1", "m1#1");
        assertThat(observer.settled).as("told once").containsExactly("m1");
    }

    @Test
    void aPausedConsumerHandlesNothingAndKeepsItsMembership() {
        Consumer consumer = consumer(ORDERS).start(this::note);
        consumer.pause();
        lookedAround(AT_ORDERS);
        int before = broker.polls(AT_ORDERS).size();
        put("k", "m1");
        eventually(() -> broker.polls(AT_ORDERS).size() >= before + 3);
        assertThat(broker.polls(AT_ORDERS).subList(before, before + 3)).containsOnly(0);
        assertThat(handled).isEmpty();
        assertThat(consumer.health().status()).isEqualTo(Health.Status.DEGRADED);
        consumer.resume();
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1");
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
    }

    @Test
    void aFullConsumerTakesNoMoreAndKeepsItsMembership() throws Exception {
        for (int i = 1; i <= 10; i++) {
            put("k" + i, "m" + i);
        }
        Consumer consumer = blocking(3, SOON);
        awaitLatch(begun);
        eventually(() -> consumer.inFlight() == 3);
        int before = broker.polls(AT_ORDERS).size();
        eventually(() -> broker.polls(AT_ORDERS).size() >= before + 2);
        assertThat(broker.polls(AT_ORDERS).subList(before, before + 2)).containsOnly(0);
        assertThat(broker.polls(AT_ORDERS)).allSatisfy(max -> assertThat(max).isBetween(0, 3));
        assertThat(consumer.inFlight()).isEqualTo(3);
        mayEnd.countDown();
        settledAll(consumer);
        assertThat(handled).hasSize(10);
    }

    @Test
    void aCloseInEveryStateLeavesTheLanesToOthers() throws Exception {
        put("a", "a1", "a2");
        Consumer paused = consumer(ORDERS).start(this::note);
        settledAll(paused);
        paused.pause();
        closeSoon(paused);

        Consumer away = consumer(ORDERS).start(this::note);
        broker.onOpenReceiver = address -> {
            throw ManualBroker.down();
        };
        broker.failReceive(AT_ORDERS, ManualBroker.down());
        eventually(() -> away.health().status() == Health.Status.DEGRADED);
        closeSoon(away);
        broker.onOpenReceiver = address -> {};

        put("a", "a3");
        Consumer next = consumer(ORDERS).start(this::note);
        settledAll(next);
        assertThat(handled).containsExactly("a1#1", "a2#1", "a3#1");
    }

    @Test
    void aCloseThatForcesFencesAHandlerThatIgnoresIt() throws Exception {
        put("a", "a1");
        CountDownLatch stubborn = new CountDownLatch(1);
        Consumer consumer = consumer(ORDERS).start(delivery -> {
            note(delivery);
            begun.countDown();
            boolean ended = false;
            while (!ended) {
                try {
                    stubborn.await();
                    ended = true;
                } catch (InterruptedException ignored) {
                    // as bad code does
                }
            }
        });
        awaitLatch(begun);
        consumer.close(Duration.ZERO);
        stubborn.countDown();
        assertThat(broker.ids(AT_ORDERS)).containsExactly("a1");
        assertThat(observer.settled).isEmpty();
    }
}
