package io.anymq.internal.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.SendResult;
import io.anymq.internal.support.ManualBroker;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies and messages are told apart, whatever the static type of what is sent. */
@Timeout(20)
class WhatIsSentTest {
    private static final Queue ORDERS = Queue.of("orders");

    private final ManualBroker broker = new ManualBroker();
    private final MessagingClient client =
            MessagingClient.builder().adapter(broker).url("manual:").open();

    @AfterEach
    void close() {
        client.close();
    }

    private static SendException failureOf(CompletableFuture<Receipt> sent) {
        assertThat(sent).failsWithin(10, TimeUnit.SECONDS);
        return sent.handle((receipt, failure) -> (SendException) failure).join();
    }

    @Test
    void aMessageOfASubtypeIsSentAsAMessage() throws Exception {
        Message<String> message = Message.of("hello").withId("m1");

        Receipt receipt = client.producer(ORDERS, Object.class).send(message).get(10, TimeUnit.SECONDS);

        assertThat(receipt.messageId()).isEqualTo("m1");
        assertThat(receipt.destination()).isEqualTo(ORDERS);
        assertThat(broker.ids("queue orders")).containsExactly("m1");
    }

    @Test
    void aMessageThatIsPassedAsABodyIsRefusedByName() {
        Object disguised = Message.of("hello");

        SendException failure = failureOf(client.producer(ORDERS, Object.class).send(disguised));

        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(failure.outcome()).isEqualTo(SendException.Outcome.REJECTED);
        assertThat(failure).hasMessageContaining("the body must not be a Message");
        assertThatThrownBy(() -> Message.of(disguised)).isInstanceOf(MessagingException.class);
        assertThat(broker.ids("queue orders")).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullFailsTheFuture() throws Exception {
        Producer<String> producer = client.producer(ORDERS, String.class);

        assertThat(failureOf(producer.send((String) null)).code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(failureOf(producer.send((Message<String>) null)).code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
        List<SendResult> results = producer.sendBatch(
                        Arrays.asList(Message.of("a").withId("m1"), null))
                .get(10, TimeUnit.SECONDS);
        assertThat(results.get(0)).isInstanceOf(SendResult.Confirmed.class);
        assertThat(results.get(1)).isInstanceOf(SendResult.Failed.class);
        assertThat(broker.ids("queue orders")).containsExactly("m1");
    }
}
