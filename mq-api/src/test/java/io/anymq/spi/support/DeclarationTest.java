package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.spi.Address;
import org.junit.jupiter.api.Test;

class DeclarationTest {
    private static final Address QUEUE = new Address.OfQueue(Queue.of("orders"));

    @Test
    void aDeclarationIsReadBackFromItsText() {
        Declaration declared = Declaration.of(QUEUE, "shop-1");
        assertThat(declared.text()).isEqualTo("kind=queue;ordering=PER_KEY;by=shop-1");
        assertThat(Declaration.parse(declared.text())).contains(declared);
        assertThat(Declaration.parse(Declaration.of(QUEUE, null).text())).contains(Declaration.of(QUEUE, null));
        assertThat(Declaration.of(QUEUE, "a;ordering=TOTAL\n").text())
                .isEqualTo("kind=queue;ordering=PER_KEY;by=a_ordering_TOTAL_");
    }

    @Test
    void newerTextsAreReadAndOtherTextsAreNot() {
        assertThat(Declaration.parse("since=2031;kind=stream;ordering=CAUSAL"))
                .contains(new Declaration("stream", "CAUSAL", null));
        assertThat(Declaration.parse("")).isEmpty();
        assertThat(Declaration.parse("kind=queue")).isEmpty();
        assertThat(Declaration.parse("=;x")).isEmpty();
    }

    @Test
    void theSameDeclarationIsAccepted() {
        Declaration.of(QUEUE, "shop").requireAgreement(QUEUE, "the broker");
        Declaration topic = new Declaration("topic", "TOTAL", null);
        topic.requireAgreement(new Address.OfTopic(Topic.of("t").totalOrder()), "the broker");
        topic.requireAgreement(
                new Address.OfSubscription(Topic.of("t").totalOrder().subscription("s")), "the broker");
        topic.requireAgreement(new Address.Redelivery(Queue.of("q"), 16), "the broker");
        assertThat(Declaration.of(new Address.Redelivery(Queue.of("q"), 16), "shop"))
                .isNull();
    }

    @Test
    void anotherOrderingAndAnotherKindSayWhatIsThereAndTheCure() {
        Declaration queue = Declaration.of(QUEUE, "shop");
        assertThatThrownBy(() -> queue.requireAgreement(
                        new Address.OfQueue(Queue.of("orders").unordered()), "the topic x"))
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MISMATCH))
                .hasMessageContaining(
                        "queue orders exists with ordering PER_KEY and is declared UNORDERED here; declare"
                                + " the same ordering on both sides, delete it first, or choose another name (declared by"
                                + " client 'shop', kept in the topic x)");
        assertThatThrownBy(() -> queue.requireAgreement(
                        new Address.OfSubscription(Topic.of("orders").subscription("s")), "the topic x"))
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MISMATCH))
                .hasMessageContaining("'orders' exists as a queue; declare it as one");
        assertThatThrownBy(() -> new Declaration("queue", "CAUSAL", null).requireAgreement(QUEUE, "the topic x"))
                .hasMessageContaining("exists with ordering CAUSAL")
                .hasMessageContaining("declared by another client");
    }
}
