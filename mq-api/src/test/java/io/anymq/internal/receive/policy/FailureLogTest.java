package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.internal.support.CapturedLog;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What an operator reads of messages that fail. */
class FailureLogTest extends OnManualBroker {
    private static void fail(Delivery<?> delivery) {
        throw new CompletionException(new IllegalStateException("no route to shop\nbody: " + delivery.body()));
    }

    private String logOf(String... ids) {
        return CapturedLog.of(() -> {
            for (String id : ids) {
                put("k-" + id, id);
            }
            Consumer consumer = consumer(ORDERS).start(FailureLogTest::fail);
            advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
            settledAll(consumer);
            time.advance(Duration.ofSeconds(1));
        });
    }

    @Test
    void eachFailedAttemptAndEachDeadLetterHasItsLine() {
        assertThat(logOf("m1").lines().filter(line -> line.contains("io.anymq.failures")))
                .hasSize(3)
                .first()
                .asString()
                .contains("INFO io.anymq.failures - Attempt 1 of 3 at message m1 of orders with key k-m1 failed:"
                        + " java.lang.IllegalStateException: no route to shop; retrying in ");
    }

    @Test
    void aDeadLetterSaysWhatWhyAndWhere() {
        assertThat(logOf("m1"))
                .contains("WARN io.anymq.failures - Dead-lettered message m1 of orders with key k-m1 to orders-dead"
                        + " (MAX_ATTEMPTS, 3 attempts: java.lang.IllegalStateException: no route to shop)")
                .as("a second line may hold anything")
                .doesNotContain("body:");
    }

    @Test
    void aMessageThatStopsItsConsumerIsLoggedWithItsFailure() {
        String log = CapturedLog.of(() -> {
            put("k", "m1");
            Consumer consumer = consumer(ORDERS)
                    .retry(RetryPolicy.never())
                    .deadLetter(DeadLetterPolicy.builder()
                            .then(DeadLetterPolicy.Then.STOP)
                            .build())
                    .start(FailureLogTest::fail);
            eventually(() -> consumer.whenClosed().isCompletedExceptionally());
        });
        assertThat(log)
                .contains("WARN io.anymq.failures - Kept message m1 of orders with key k at the broker, as its"
                        + " dead-letter policy STOP requires (MAX_ATTEMPTS, 1 attempt: java.lang.IllegalStateException: no route to"
                        + " shop)")
                .contains("ERROR io.anymq.internal.receive.DefaultConsumer - Stopping the consumer of orders: message"
                        + " m1");
    }

    @Test
    void aStormWritesLinesPerSecondAndSaysHowManyItHeldBack() {
        String[] ids = new String[200];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = "m" + i;
        }
        String log = logOf(ids);
        long lines = log.lines().filter(line -> line.contains("Dead-lettered")).count();
        AtomicInteger heldBack = new AtomicInteger();
        log.lines()
                .filter(line -> line.contains("more messages of orders were given up"))
                .forEach(line -> heldBack.addAndGet(
                        Integer.parseInt(line.replaceAll(".* - (\\d+) more messages of orders were given up", "$1"))));
        assertThat(lines).isBetween(10L, 100L);
        assertThat(lines + heldBack.get()).isEqualTo(200);
    }

    @Test
    void theLineSurvivesAnExceptionThatFailsToDescribeItself() {
        assertThat(FailureLog.firstLine(new IllegalStateException() {
                    @Override
                    public String getMessage() {
                        throw new IllegalArgumentException();
                    }
                }))
                .contains("its getMessage() threw java.lang.IllegalArgumentException");
        assertThat(FailureLog.firstLine(new IllegalStateException("a\tb"))).endsWith(": a\\u0009b");
        assertThat(FailureLog.firstLine(new OutOfMemoryError())).isEqualTo("java.lang.OutOfMemoryError");
    }
}
