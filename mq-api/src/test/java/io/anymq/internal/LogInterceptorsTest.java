package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Interceptor;
import io.anymq.internal.support.CapturedLog;
import io.anymq.internal.support.OnManualBrokerInRealTime;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interceptors around the lines of the log, which are written whatever an interceptor does. */
class LogInterceptorsTest extends OnManualBrokerInRealTime {
    /** Two attempts and a dead letter, as lines of the failure log. */
    private List<String> linesOf(Interceptor... interceptors) {
        String log = CapturedLog.of(() -> {
            broker.put("queue orders", "m1", "k", Map.of());
            open(interceptors)
                    .consumer(ORDERS, String.class)
                    .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
                    .start(delivery -> {
                        throw new IllegalStateException("no paper");
                    });
            await().atMost(SOON).until(() -> broker.ids("queue orders").isEmpty());
            client.close();
        });
        return log.lines()
                .filter(line -> line.contains("io.anymq.failures") || line.startsWith("around "))
                .map(line -> line.replaceAll(".* - ((Attempt \\d|Dead-lettered)).*", "$1"))
                .toList();
    }

    private static Interceptor named(String name) {
        return new Interceptor() {
            @Override
            public void aroundLog(LogContext context, Runnable lines) {
                System.err.println("around " + context.delivery().id() + " begins " + name);
                lines.run();
                System.err.println("around " + context.delivery().id() + " ends " + name);
            }
        };
    }

    @Test
    void eachLineIsWrittenInsideTheInterceptorsTheFirstOfWhichIsOutermost() {
        assertThat(linesOf(named("outer"), named("inner")))
                .containsExactly(
                        "around m1 begins outer",
                        "around m1 begins inner",
                        "Attempt 1",
                        "around m1 ends inner",
                        "around m1 ends outer",
                        "around m1 begins outer",
                        "around m1 begins inner",
                        "Dead-lettered",
                        "around m1 ends inner",
                        "around m1 ends outer");
    }

    @Test
    void itIsTheDeliveryThatTheHandlerGot() {
        List<Object> deliveries = new CopyOnWriteArrayList<>();
        linesOf(new Interceptor() {
            @Override
            public void aroundLog(LogContext context, Runnable lines) {
                deliveries.add(context.delivery());
                lines.run();
            }

            @Override
            public java.util.concurrent.CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next)
                    throws Exception {
                deliveries.add(context.deliveries().get(0));
                return next.handle();
            }
        });
        assertThat(deliveries).hasSize(4);
        assertThat(deliveries.stream().distinct()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "twice", "before", "after"})
    void whateverAnInterceptorDoesEachLineIsWrittenOnce(String mistake) {
        Interceptor wrong = new Interceptor() {
            @Override
            public void aroundLog(LogContext context, Runnable lines) {
                switch (mistake) {
                    case "nothing" -> {}
                    case "twice" -> {
                        lines.run();
                        lines.run();
                    }
                    case "before" -> throw new AssertionError("an interceptor's own defect");
                    default -> {
                        lines.run();
                        throw new AssertionError("after it was written");
                    }
                }
            }
        };
        assertThat(linesOf(named("outer"), wrong).stream().filter(line -> !line.startsWith("around ")))
                .containsExactly("Attempt 1", "Dead-lettered");
    }
}
