package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.Interceptor;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBrokerInRealTime;
import io.anymq.policy.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interceptors around dead letters and redrives, which go whatever an interceptor does. */
class ForwardInterceptorsTest extends OnManualBrokerInRealTime {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    private void put(String id) {
        broker.put("queue orders", id, "k", Map.of());
    }

    private void settledAll() {
        await().atMost(SOON).until(() -> broker.ids("queue orders").isEmpty());
    }

    /** Adds a header to each dead letter and to each message that comes back, and notes what becomes of them. */
    private final class Marks implements Interceptor {
        @Override
        public void aroundDeadLetter(DeadLetterContext context, ForwardChain next) {
            String of = context.delivery().id() + " to " + context.queue().name() + " " + context.reason() + " "
                    + context.failure().map(Throwable::getMessage).orElse("nothing");
            next.send(Map.of("failed-in", "trace-1"))
                    .whenComplete((receipt, failure) ->
                            calls.add(failure == null ? "dead " + of : "refused " + failure.getMessage()));
        }

        @Override
        public void aroundRedrive(RedriveContext context, ForwardChain next) {
            String of = context.messageId() + " with " + context.key() + " from "
                    + context.deadLetter().name() + " to " + context.origin().path() + " for the " + context.redrives()
                    + ". time, " + context.headers();
            next.send(Map.of("repaired-in", "trace-2")).whenComplete((receipt, failure) -> calls.add("back " + of));
        }
    }

    private void failOnceThenRedrive() {
        AtomicInteger attempts = new AtomicInteger();
        client.consumer(ORDERS, String.class).retry(RetryPolicy.never()).start(delivery -> {
            if (attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("the reason");
            }
            calls.add("handled with " + new TreeMap<>(delivery.headers()));
        });
        await().atMost(SOON).until(() -> broker.ids("queue orders-dead").equals(List.of("m1")));
        client.redrive(
                        Queue.of("orders-dead"),
                        RedriveOptions.builder().idle(Duration.ofMillis(300)).build())
                .join();
        settledAll();
    }

    @Test
    void deadLettersAndRedrivesAreSurroundedAndCarryTheHeadersThatWereAdded() {
        put("m1");
        open(new Marks());
        failOnceThenRedrive();
        await().atMost(SOON).until(() -> calls.size() == 3);
        assertThat(calls)
                .containsExactlyInAnyOrder(
                        "dead m1 to orders-dead MAX_ATTEMPTS the reason",
                        "back m1 with k from orders-dead to orders for the 1. time, {failed-in=trace-1}",
                        "handled with {failed-in=trace-1, repaired-in=trace-2}");
    }

    @Test
    void eachTryToPublishADeadLetterIsSurrounded() {
        AtomicInteger tries = new AtomicInteger();
        broker.onSend = (address, message) -> {
            if (tries.incrementAndGet() == 1) {
                message.rejected(ManualBroker.down());
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
        put("m1");
        open(new Marks())
                .consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    throw new IllegalStateException("the reason");
                });
        settledAll();
        await().atMost(SOON).until(() -> calls.size() == 2);
        assertThat(calls.get(0)).startsWith("refused ");
        assertThat(calls.get(1)).isEqualTo("dead m1 to orders-dead MAX_ATTEMPTS the reason");
    }

    @Test
    void aLetterThatIsTooLargeGoesWithoutTheHeadersThatWereAdded() {
        broker.onSend = (address, message) -> {
            if (message.headers().containsKey("failed-in")) {
                message.rejected(new MessagingException(ErrorCode.TOO_LARGE, "too large"));
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
        put("m1");
        open(new Marks())
                .consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    throw new IllegalStateException("the reason");
                });
        settledAll();
        assertThat(broker.ids("queue orders-dead")).containsExactly("m1");
    }

    /** Does one thing wrong around dead letters and redrives. */
    private static final class WrongForward implements Interceptor {
        private final String mistake;

        WrongForward(String mistake) {
            this.mistake = mistake;
        }

        @Override
        public void aroundDeadLetter(DeadLetterContext context, ForwardChain next) throws Exception {
            doWrong(next);
        }

        @Override
        public void aroundRedrive(RedriveContext context, ForwardChain next) throws Exception {
            doWrong(next);
        }

        @SuppressWarnings("NullAway") // on purpose
        private void doWrong(ForwardChain next) throws IOException {
            switch (mistake) {
                case "null" -> next.send(null);
                case "nothing" -> {}
                case "error" -> throw new AssertionError("an interceptor's own defect");
                case "checked" -> throw new IOException("not today");
                case "reserved" -> next.send(Map.of("mq-attempts", "7"));
                case "large" -> next.send(Map.of("large", "x".repeat(17 * 1024)));
                case "twice" -> {
                    next.send(Map.of());
                    assertThatThrownBy(() -> next.send(Map.of())).isInstanceOf(IllegalStateException.class);
                }
                default -> {
                    next.send(Map.of());
                    throw new AssertionError("after it was sent");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "nothing", "error", "checked", "reserved", "large", "twice", "late"})
    void nothingThatAnInterceptorDoesKeepsADeadLetterOrARedriveFromGoing(String mistake) {
        put("m1");
        open(new WrongForward(mistake));
        failOnceThenRedrive();
        assertThat(calls).containsExactly("handled with {}");
        assertThat(broker.ids("queue orders-dead")).isEmpty();
    }
}
