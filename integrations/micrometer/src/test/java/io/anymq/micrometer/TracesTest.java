package io.anymq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.policy.RetryPolicy;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Each claim about traces in docs/observability.md, made by Micrometer's bridge to OpenTelemetry. */
class TracesTest extends OnTracing {
    private static final RetryPolicy THREE = RetryPolicy.fixed(3, Duration.ofMillis(1));

    @Test
    void everyAttemptIsASpanWithItsLogLinesAndADeadLetterIsAChildOfTheLast() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class).retry(THREE).start(delivery -> {
            logLine();
            throw new IllegalStateException("no paper");
        });
        send(client, "books");
        SpanData send = span("send orders");
        assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
        List<SpanData> attempts = spans("process orders", 3);
        attempts.forEach(attempt -> {
            assertChild(attempt, send);
            assertThat(attempt.getKind()).isEqualTo(SpanKind.CONSUMER);
            assertThat(attempt.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        });
        assertThat(attempts)
                .extracting(span -> span.getAttributes().get(AttributeKey.stringKey("anymq.attempt")))
                .containsExactly("1", "2", "3");
        assertThat(lines)
                .containsExactlyElementsOf(
                        attempts.stream().map(SpanData::getSpanId).toList());
        SpanData dead = span("dead_letter orders-dead");
        assertChild(dead, attempts.get(2));
        assertThat(dead.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertChild(span("settle orders"), attempts.get(2));
        assertThat(broker(client).browse("orders-dead")).singleElement().satisfies(letter -> {
            assertThat(letter.headers().get("anymq-failure-traceparent"))
                    .isEqualTo("00-" + send.getTraceId() + "-" + attempts.get(0).getSpanId() + "-01");
            assertThat(letter.headers().get("traceparent")).contains(send.getSpanId());
        });
    }

    @Test
    void aDeadLetterWithoutAnAttemptIsAChildOfTheSend() {
        MessagingClient client = client();
        client.producer(ORDERS, byte[].class)
                .send(Message.of(new byte[] {(byte) 0xff}).withContentType("text/plain; charset=utf-8"))
                .join();
        client.consumer(ORDERS, String.class).start(delivery -> {});
        assertChild(span("dead_letter orders-dead"), span("send orders"));
    }

    @Test
    void aRedriveIsLinkedToTheFirstFailure() {
        MessagingClient client = client();
        AtomicBoolean repaired = new AtomicBoolean();
        client.consumer(ORDERS, String.class).retry(THREE).start(delivery -> {
            if (!repaired.get()) {
                throw new IllegalStateException("no paper");
            }
        });
        send(client, "books");
        SpanData first = spans("process orders", 3).get(0);
        repaired.set(true);
        // another client, as another process has
        assertThat(redrive(client(), 1)).isEqualTo(1);
        SpanData redrive = span("redrive orders");
        SpanData send = span("send orders");
        assertChild(redrive, send);
        assertThat(links(redrive)).containsExactly(first.getSpanId());
        SpanData last = spans("process orders", 4).get(3);
        assertChild(last, send);
        assertThat(links(last)).containsExactly(send.getSpanId(), first.getSpanId());
    }

    @Test
    void aBatchIsOneSpanWithALinkToEachSend() throws Exception {
        MessagingClient client = client();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        Consumer consumer = client.consumer(ORDERS, String.class).concurrency(1).startBatch(10, deliveries -> {
            if (deliveries.get(0).body().equals("first")) {
                begun.countDown();
                gate.await();
            } else {
                logLine();
            }
        });
        send(client, "first");
        assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        send(client, "books", "pens", "paper");
        await().atMost(SOON).until(() -> consumer.inFlight() == 4);
        gate.countDown();
        SpanData batch = spans("process orders", 2).get(1);
        assertThat(batch.getParentSpanContext().isValid()).isFalse();
        assertThat(links(batch))
                .containsExactlyInAnyOrderElementsOf(spans("send orders", 4).subList(1, 4).stream()
                        .map(SpanData::getSpanId)
                        .toList());
        assertThat(lines).containsExactly(batch.getSpanId());
        assertThat(spans("settle orders", 4))
                .filteredOn(settle -> settle.getParentSpanId().equals(batch.getSpanId()))
                .hasSize(3);
    }

    @Test
    void anAsynchronousHandlersSpanEndsWithItsStageAndItsOutputsAreChildrenWhateverTheThread() {
        MessagingClient client = client();
        ExecutorService elsewhere = Executors.newSingleThreadExecutor();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        try {
            client.consumer(ORDERS, String.class).startAsync(delivery -> {
                logLine();
                return gate.thenRunAsync(() -> delivery.publish(INVOICES, "invoice"), elsewhere);
            });
            client.consumer(INVOICES, String.class).start(delivery -> {});
            send(client, "books");
            await().atMost(SOON).until(() -> lines.size() == 1);
            assertThat(found("process orders")).isEmpty();
            gate.complete(null);
            SpanData process = span("process orders");
            assertThat(lines).containsExactly(process.getSpanId());
            assertChild(span("send invoices"), process);
            assertChild(span("process invoices"), span("send invoices"));
        } finally {
            elsewhere.shutdown();
        }
    }

    @Test
    void outputsAreChildrenOfTheObservationThatIsCurrentInTheHandler() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class)
                .start(delivery -> Observation.createNotStarted("print", registry)
                        .observe(() ->
                                delivery.publish(INVOICES, Message.of("invoice").withHeaders(delivery.headers()))));
        client.consumer(INVOICES, String.class).start(delivery -> {});
        send(client, "books");
        assertChild(span("print"), span("process orders"));
        assertChild(span("send invoices"), span("print"));
        assertChild(span("process invoices"), span("send invoices"));
    }

    @Test
    void theApplicationsOwnContextInAMessageIsKept() {
        MessagingClient client = client();
        List<String> arrived = new CopyOnWriteArrayList<>();
        client.consumer(ORDERS, String.class)
                .start(delivery -> arrived.add(delivery.headers().get("traceparent")));
        String own = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        client.producer(ORDERS, String.class)
                .send(Message.of("books").withHeader("traceparent", own))
                .join();
        SpanData process = span("process orders");
        assertThat(arrived).containsExactly(own);
        assertThat(process.getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(process.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
    }

    @Test
    void withMicrometersOwnHandlersAloneOnlyTheLinksAreMissing() {
        ObservationRegistry plain = ObservationRegistry.create();
        plain.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
        MessagingClient client = opened(AnymqObservation.of(plain).addTo(builder()));
        client.consumer(ORDERS, String.class).retry(RetryPolicy.never()).start(delivery -> {
            throw new IllegalStateException("no paper");
        });
        send(client, "books");
        assertChild(span("process orders"), span("send orders"));
        assertChild(span("dead_letter orders-dead"), span("process orders"));
        assertThat(links(span("process orders"))).isEmpty();
    }
}
