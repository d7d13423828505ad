package io.anymq.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The claims in docs/observability.md about which context is the parent, and which travels. */
@SuppressWarnings("try") // a scope is only closed
class ContextTest extends OnTelemetry {
    private static final Queue INVOICES = Queue.of("invoices");

    @Test
    void outputsAreChildrenOfTheSpanThatIsCurrentInTheHandler() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class).start(delivery -> {
            Span own = sdk.getTracer("app").spanBuilder("print").startSpan();
            try (Scope scope = own.makeCurrent()) {
                // with the headers of the input: its context is no context of the application's own
                delivery.publish(INVOICES, Message.of("invoice").withHeaders(delivery.headers()));
            } finally {
                own.end();
            }
        });
        client.consumer(INVOICES, String.class).start(delivery -> {});
        send(client, "books");
        SpanData print = span("print");
        assertChild(print, span("process orders"));
        assertChild(span("send invoices"), print);
        assertChild(span("process invoices"), span("send invoices"));
    }

    @Test
    void theApplicationsOwnContextInAMessageIsKeptAndItsSendIsLinkedToIt() {
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
        assertThat(links(span("send orders"))).containsExactly("4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7");
    }

    @Test
    void whatIsCurrentOnTheSendersThreadIsTheParentAndItsBaggageArrives() {
        MessagingClient client = client();
        List<String> tenants = new CopyOnWriteArrayList<>();
        client.consumer(ORDERS, String.class)
                .start(delivery -> tenants.add(Baggage.current().getEntryValue("tenant")));
        Span request = sdk.getTracer("app").spanBuilder("request").startSpan();
        Context inRequest = Context.current()
                .with(request)
                .with(Baggage.builder().put("tenant", "acme").build());
        try (Scope scope = inRequest.makeCurrent()) {
            send(client, "books");
        } finally {
            request.end();
        }
        span("process orders");
        assertChild(span("send orders"), span("request"));
        assertThat(tenants).containsExactly("acme");
    }

    @Test
    void aContextThatAnExecutorLeavesOnTheHandlersThreadIsNoParent() {
        Span foreign = sdk.getTracer("app").spanBuilder("foreign").startSpan();
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            MessagingClient client = client();
            client.consumer(ORDERS, String.class)
                    // as an agent does, which takes the context of the thread that submits along
                    .executor(task -> pool.execute(Context.root().with(foreign).wrap(task)))
                    .start(delivery -> logLine(sdk, "handled"));
            send(client, "books");
            SpanData process = span("process orders");
            assertChild(process, span("send orders"));
            assertThat(line("handled").getSpanContext()).isEqualTo(process.getSpanContext());
            span("settle orders");
        } finally {
            foreign.end();
            pool.shutdown();
        }
    }

    @Test
    void aMessageWhoseHeadersAreFullIsSentWithoutAContext() {
        MessagingClient client = client();
        String large = "x".repeat(16 * 1024 - 5);
        List<Map<String, String>> arrived = new CopyOnWriteArrayList<>();
        client.consumer(ORDERS, String.class).start(delivery -> arrived.add(delivery.headers()));
        client.producer(ORDERS, String.class)
                .send(Message.of("books").withHeader("large", large))
                .join();
        span("process orders");
        assertThat(arrived).containsExactly(Map.of("large", large));
    }

    @Test
    void withoutSpansTheContextThatIsCurrentStillTravels() {
        MessagingClient client = client(telemetry -> telemetry.spans(false));
        AtomicInteger valid = new AtomicInteger();
        Span request = sdk.getTracer("app").spanBuilder("request").startSpan();
        client.consumer(ORDERS, String.class).start(delivery -> {
            if (Span.current()
                    .getSpanContext()
                    .getSpanId()
                    .equals(request.getSpanContext().getSpanId())) {
                valid.incrementAndGet();
            }
        });
        try (Scope scope = request.makeCurrent()) {
            send(client, "books");
        } finally {
            request.end();
        }
        await().atMost(SOON).until(() -> valid.get() == 1);
        assertThat(spans.getFinishedSpanItems()).extracting(SpanData::getName).containsExactly("request");
    }
}
