package io.anymq.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.BatchHandler;
import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.Topic;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Each claim about traces in docs/observability.md. */
@SuppressWarnings("try") // a scope is only closed
class TracesTest extends OnTelemetry {
    private static final Queue INVOICES = Queue.of("invoices");
    private static final RetryPolicy THREE = RetryPolicy.fixed(3, Duration.ofMillis(1));

    @Test
    void theAttemptIsAChildOfTheSendAndItsSettlementAChildOfTheAttempt() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class).start(delivery -> {});
        client.producer(ORDERS, String.class)
                .send(Message.of("books").withId("m1").withKey("acme"))
                .join();
        SpanData send = span("send orders");
        SpanData process = span("process orders");
        SpanData settle = span("settle orders");
        assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(send.getParentSpanContext().isValid()).isFalse();
        assertThat(send.getAttributes().asMap())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        AttributeKey.stringKey("messaging.system"), "inmemory",
                        AttributeKey.stringKey("messaging.operation.name"), "send",
                        AttributeKey.stringKey("messaging.operation.type"), "send",
                        AttributeKey.stringKey("messaging.destination.name"), "orders",
                        AttributeKey.stringKey("messaging.client.id"), "shop",
                        AttributeKey.stringKey("messaging.message.id"), "m1"));
        assertChild(process, send);
        assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(links(process)).containsExactly(linkTo(send));
        assertThat(process.getAttributes().get(ATTEMPT)).isEqualTo(1);
        assertChild(settle, process);
        assertThat(settle.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(settle.getAttributes().get(AttributeKey.stringKey("messaging.operation.type")))
                .isEqualTo("settle");
    }

    @Test
    void aSubscriptionIsNamedBesideItsTopic() {
        Topic signups = Topic.of("signups");
        MessagingClient client = client();
        client.consumer(signups.subscription("audit"), String.class).start(delivery -> {});
        client.producer(signups, String.class).send("ann").join();
        assertThat(span("process signups")
                        .getAttributes()
                        .get(AttributeKey.stringKey("messaging.destination.subscription.name")))
                .isEqualTo("audit");
    }

    @Test
    void everyAttemptIsASpanWithItsLogLinesInside() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class).retry(THREE).start(delivery -> {
            logLine(sdk, "attempt " + delivery.attempt());
            if (delivery.attempt() < 3) {
                throw new IllegalStateException("no paper");
            }
        });
        send(client, "books");
        SpanData send = span("send orders");
        List<SpanData> attempts = spans("process orders", 3);
        for (int i = 0; i < 3; i++) {
            SpanData attempt = attempts.get(i);
            assertChild(attempt, send);
            assertThat(attempt.getAttributes().get(ATTEMPT)).isEqualTo(i + 1);
            assertThat(attempt.getStatus().getStatusCode()).isEqualTo(i < 2 ? StatusCode.ERROR : StatusCode.UNSET);
            assertThat(attempt.getAttributes().get(AttributeKey.stringKey("error.type")))
                    .isEqualTo(i < 2 ? "java.lang.IllegalStateException" : null);
            assertThat(attempt.getEvents()).hasSize(i < 2 ? 1 : 0);
            assertThat(line("attempt " + (i + 1)).getSpanContext()).isEqualTo(attempt.getSpanContext());
        }
        assertChild(span("settle orders"), attempts.get(2));
    }

    @Test
    void aDeadLetterIsAChildOfTheLastAttempt() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class).retry(THREE).start(delivery -> {
            throw new IllegalStateException("no paper");
        });
        send(client, "books");
        List<SpanData> attempts = spans("process orders", 3);
        SpanData dead = span("dead_letter orders-dead");
        assertChild(dead, attempts.get(2));
        assertThat(dead.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(dead.getAttributes().get(AttributeKey.stringKey("anymq.dead_letter.reason")))
                .isEqualTo("MAX_ATTEMPTS");
        assertThat(dead.getAttributes().get(AttributeKey.stringKey("anymq.source")))
                .isEqualTo("orders");
        assertChild(span("settle orders"), attempts.get(2));
        assertThat(broker(client).browse("orders-dead"))
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers().get("anymq-failure-traceparent"))
                        .startsWith("00-" + attempts.get(0).getTraceId() + "-"
                                + attempts.get(0).getSpanId() + "-"));
    }

    @Test
    void aDeadLetterWithoutAnAttemptIsAChildOfTheSend() {
        MessagingClient client = client();
        client.producer(ORDERS, byte[].class)
                .send(Message.of(new byte[] {(byte) 0xff}).withContentType("text/plain; charset=utf-8"))
                .join();
        client.consumer(ORDERS, String.class).start(delivery -> {});
        SpanData dead = span("dead_letter orders-dead");
        assertChild(dead, span("send orders"));
        assertThat(dead.getAttributes().get(AttributeKey.stringKey("anymq.dead_letter.reason")))
                .isEqualTo("UNDECODABLE");
        assertThat(broker(client).browse("orders-dead"))
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers().get("anymq-failure-traceparent"))
                        .contains(dead.getSpanId()));
    }

    @Test
    void whatConsumesDeadLettersGoesOnInTheTraceAndIsLinkedToTheFirstFailure() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class).retry(RetryPolicy.never()).start(delivery -> {
            throw new IllegalStateException("no paper");
        });
        client.consumer(Queue.of("orders-dead"), String.class).start(delivery -> {});
        send(client, "books");
        SpanData read = span("process orders-dead");
        assertChild(read, span("send orders"));
        assertThat(links(read)).contains(linkTo(span("process orders")));
    }

    @Test
    void aRedriveByAnotherProcessIsLinkedToTheFirstFailure() throws Exception {
        MessagingClient shop = client();
        AtomicBoolean repaired = new AtomicBoolean();
        shop.consumer(ORDERS, String.class).retry(THREE).start(delivery -> {
            if (!repaired.get()) {
                throw new IllegalStateException("no paper");
            }
        });
        send(shop, "books");
        List<SpanData> failed = spans("process orders", 3);
        redriveByAnotherClient();
        // fails again: the first failure stays the first
        List<SpanData> again = spans("process orders", 6);
        assertThat(links(again.get(3))).contains(linkTo(failed.get(0)));
        repaired.set(true);
        spans("dead_letter orders-dead", 2);
        redriveByAnotherClient();
        List<SpanData> redrives = spans("redrive orders", 2);
        List<SpanData> all = spans("process orders", 7);
        SpanData send = span("send orders");
        for (SpanData redrive : redrives) {
            assertChild(redrive, send);
            assertThat(links(redrive)).containsExactly(linkTo(failed.get(0)));
            assertThat(redrive.getAttributes().get(AttributeKey.stringKey("anymq.dead_letter.queue")))
                    .isEqualTo("orders-dead");
        }
        SpanData last = all.get(6);
        assertChild(last, send);
        assertThat(last.getAttributes().get(AttributeKey.longKey("anymq.redrives")))
                .isEqualTo(2);
        assertThat(links(last)).containsExactly(linkTo(send), linkTo(failed.get(0)));
        assertThat(last.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    private void redriveByAnotherClient() {
        MessagingClient operator = client();
        await().atMost(SOON).until(() -> broker(operator).browse("orders-dead").size() == 1);
        RedriveOptions soon =
                RedriveOptions.builder().idle(Duration.ofMillis(200)).build();
        assertThat(operator.redrive(Queue.of("orders-dead"), soon).join().redriven())
                .isEqualTo(1);
    }

    /** Sends these together to a consumer that is busy with another one, so that they are the next batch. */
    private void sendAsOneBatch(MessagingClient client, BatchHandler<String> handler, String... bodies)
            throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        Consumer consumer = client.consumer(ORDERS, String.class)
                .concurrency(1)
                .retry(RetryPolicy.never())
                .startBatch(10, deliveries -> {
                    if (deliveries.get(0).body().equals("first")) {
                        begun.countDown();
                        gate.await();
                    } else {
                        handler.handle(deliveries);
                    }
                });
        send(client, "first");
        assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        send(client, bodies);
        await().atMost(SOON).until(() -> consumer.inFlight() == bodies.length + 1);
        gate.countDown();
    }

    @Test
    void aBatchIsOneSpanWithALinkToEachSend() throws Exception {
        sendAsOneBatch(client(), deliveries -> logLine(sdk, "batch"), "books", "pens", "paper");
        SpanData batch = spans("process orders", 2).get(1);
        List<SpanData> sends = spans("send orders", 4).subList(1, 4);
        assertThat(batch.getParentSpanContext().isValid()).isFalse();
        assertThat(links(batch))
                .containsExactlyInAnyOrderElementsOf(
                        sends.stream().map(OnTelemetry::linkTo).toList());
        assertThat(batch.getAttributes().get(AttributeKey.longKey("messaging.batch.message_count")))
                .isEqualTo(3);
        assertThat(line("batch").getSpanContext()).isEqualTo(batch.getSpanContext());
        assertThat(spans("settle orders", 4))
                .filteredOn(settle -> settle.getParentSpanId().equals(batch.getSpanId()))
                .hasSize(3);
    }

    @Test
    void theMessagesOfAFailedBatchAreHandledAloneAsChildrenOfTheirSends() throws Exception {
        sendAsOneBatch(
                client(),
                deliveries -> {
                    if (deliveries.size() > 1 || deliveries.get(0).body().equals("pens")) {
                        throw new IllegalStateException("no paper");
                    }
                },
                "books",
                "pens");
        SpanData dead = span("dead_letter orders-dead");
        List<SpanData> processed = spans("process orders", 4).subList(1, 4);
        List<SpanData> sends = spans("send orders", 3).subList(1, 3);
        SpanData batch = processed.get(0);
        assertThat(batch.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        List<SpanData> alone = processed.subList(1, 3);
        assertThat(alone)
                .extracting(SpanData::getParentSpanId)
                .containsExactlyInAnyOrder(
                        sends.get(0).getSpanId(), sends.get(1).getSpanId());
        SpanData failed = alone.stream()
                .filter(span -> span.getStatus().getStatusCode() == StatusCode.ERROR)
                .findFirst()
                .orElseThrow();
        assertChild(dead, failed);
    }

    @Test
    void anAsynchronousHandlersSpanEndsWithItsStageAndItsOutputsAreChildrenWhateverTheThread() throws Exception {
        MessagingClient client = client();
        ExecutorService elsewhere = Executors.newSingleThreadExecutor();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        try {
            client.consumer(ORDERS, String.class).retry(THREE).startAsync(delivery -> {
                logLine(sdk, "begun " + delivery.attempt());
                return gate.thenRunAsync(
                        () -> {
                            delivery.publish(INVOICES, "invoice");
                            if (delivery.attempt() == 1) {
                                throw new IllegalStateException("no paper");
                            }
                        },
                        elsewhere);
            });
            client.consumer(INVOICES, String.class).start(delivery -> {});
            send(client, "books");
            await().atMost(SOON).until(() -> logs.getFinishedLogRecordItems().size() == 1);
            assertThat(spans.getFinishedSpanItems())
                    .noneMatch(span -> span.getName().equals("process orders"));
            gate.complete(null);
            List<SpanData> attempts = spans("process orders", 2);
            assertThat(attempts.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(attempts.get(0).getAttributes().get(AttributeKey.stringKey("error.type")))
                    .isEqualTo("java.lang.IllegalStateException");
            assertThat(line("begun 1").getSpanContext())
                    .isEqualTo(attempts.get(0).getSpanContext());
            assertThat(line("begun 2").getSpanContext())
                    .isEqualTo(attempts.get(1).getSpanContext());
            List<SpanData> outputs = spans("send invoices", 2);
            assertChild(outputs.get(0), attempts.get(0));
            assertThat(outputs.get(0).getStatus().getStatusCode())
                    .as("the outputs of a failed attempt are not sent")
                    .isEqualTo(StatusCode.ERROR);
            assertChild(outputs.get(1), attempts.get(1));
            assertChild(span("process invoices"), outputs.get(1));
        } finally {
            elsewhere.shutdown();
        }
    }

    @Test
    void aSendThatFailsSaysHow() {
        MessagingClient client = client();
        Producer<String> producer = client.producer(ORDERS, String.class);
        broker(client).stop();
        assertThat(producer.send("books")).failsWithin(SOON);
        SpanData send = span("send orders");
        assertThat(send.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(send.getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("UNAVAILABLE");
        assertThat(send.getAttributes().get(AttributeKey.stringKey("anymq.send.outcome")))
                .isEqualTo("REJECTED");
    }

    @Test
    void aDiscardedMessagesSettlementBelongsToItsLastAttempt() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.discard())
                .start(delivery -> {
                    throw new IllegalStateException("no paper");
                });
        send(client, "books");
        assertChild(span("settle orders"), span("process orders"));
    }
}
