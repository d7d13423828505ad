package io.anymq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.MessagingClient;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AnyMQ's own lines about a message that fails belong to its trace. */
class LogLinesTest extends OnTracing {
    private final PrintStream before = System.err;
    /** What the logging backend writes, with what is current on the thread that writes. */
    private final Map<String, String> written = new ConcurrentHashMap<>();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                written.put(line, Span.current().getSpanContext().getSpanId());
            }
        });
    }

    @AfterEach
    void listenNoMore() {
        System.setErr(before);
    }

    private void assertInside(String text, SpanData span) {
        eventually(() -> assertThat(written)
                .hasEntrySatisfying(
                        written.keySet().stream()
                                .filter(line -> line.contains(text))
                                .findFirst()
                                .orElse(text),
                        id -> assertThat(id).isEqualTo(span.getSpanId())));
    }

    private static void fail(Object delivery) {
        throw new IllegalStateException("no paper");
    }

    @Test
    void aFailedAttemptsLineIsInTheAttemptsSpanAndADeadLettersInTheDeadLetters() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(3, Duration.ofMillis(1)))
                .start(LogLinesTest::fail);
        send(client, "books");
        List<SpanData> attempts = spans("process orders", 3);
        assertInside("Attempt 1 of 3", attempts.get(0));
        assertInside("Attempt 2 of 3", attempts.get(1));
        assertInside("Dead-lettered message", span("dead_letter orders-dead"));
    }

    @Test
    void aDiscardedMessagesLineIsInTheLastAttemptsSpan() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.discard())
                .start(LogLinesTest::fail);
        send(client, "books");
        assertInside("Discarded message", span("process orders"));
    }

    /** It would be an error to open the scope of an observation that has stopped. */
    @Test
    void withoutTracingTheLinesAreWrittenAndTheObservationsAreInOrder() {
        TestObservationRegistry observations = TestObservationRegistry.create();
        MessagingClient client = opened(AnymqObservation.of(observations).addTo(builder()));
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
                .start(LogLinesTest::fail);
        send(client, "books");
        eventually(() -> assertThat(written.keySet())
                .anyMatch(line -> line.contains("Attempt 1 of 2"))
                .anyMatch(line -> line.contains("Dead-lettered message"))
                .noneMatch(line -> line.contains("failed around a line")));
    }
}
