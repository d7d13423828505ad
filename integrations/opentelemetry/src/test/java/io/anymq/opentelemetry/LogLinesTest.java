package io.anymq.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
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
class LogLinesTest extends OnTelemetry {
    private final PrintStream before = System.err;
    /** What the logging backend writes, with what is current on the thread that writes. */
    private final Map<String, SpanContext> lines = new ConcurrentHashMap<>();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                lines.put(line, Span.current().getSpanContext());
            }
        });
    }

    @AfterEach
    void listenNoMore() {
        System.setErr(before);
    }

    private String spanOf(String text) {
        await().atMost(SOON).until(() -> lines.keySet().stream().anyMatch(line -> line.contains(text)));
        List<String> spans = lines.entrySet().stream()
                .filter(line -> line.getKey().contains(text))
                .map(line ->
                        line.getValue().getTraceId() + " " + line.getValue().getSpanId())
                .toList();
        assertThat(spans).hasSize(1);
        return spans.get(0);
    }

    @Test
    void aFailedAttemptsLineIsInTheAttemptsSpanAndADeadLettersInTheDeadLetters() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(3, Duration.ofMillis(1)))
                .start(delivery -> {
                    throw new IllegalStateException("no paper");
                });
        send(client, "books");
        List<SpanData> attempts = spans("process orders", 3);
        assertThat(spanOf("Attempt 1 of 3")).isEqualTo(linkTo(attempts.get(0)));
        assertThat(spanOf("Attempt 2 of 3")).isEqualTo(linkTo(attempts.get(1)));
        assertThat(spanOf("Dead-lettered message")).isEqualTo(linkTo(span("dead_letter orders-dead")));
    }

    @Test
    void aDiscardedMessagesLineIsInTheLastAttemptsSpan() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.discard())
                .start(delivery -> {
                    throw new IllegalStateException("no paper");
                });
        send(client, "books");
        assertThat(spanOf("Discarded message")).isEqualTo(linkTo(span("process orders")));
    }

    @Test
    void aLineAboutAMessageThatWasNeverHandledIsInTheSendsSpan() {
        MessagingClient client = client();
        client.producer(ORDERS, byte[].class)
                .send(Message.of(new byte[] {(byte) 0xff}).withContentType("text/plain; charset=utf-8"))
                .join();
        client.consumer(ORDERS, String.class)
                .deadLetter(DeadLetterPolicy.discard())
                .start(delivery -> {});
        assertThat(spanOf("Discarded message")).isEqualTo(linkTo(span("send orders")));
    }
}
