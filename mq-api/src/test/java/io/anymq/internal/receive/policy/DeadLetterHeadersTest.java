package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.DeadLetterInfo;
import io.anymq.DeadLetterReason;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.StartPosition;
import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.Ordering;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written on a dead letter and read from it. */
class DeadLetterHeadersTest extends OnManualBroker {
    @ParameterizedTest
    @EnumSource(Ordering.class)
    void anOriginIsReadAsItWasWritten(Ordering ordering) {
        for (Source source : new Source[] {
            new Queue("orders", ordering), new Subscription(new Topic("signups", ordering), "mail", StartPosition.NOW)
        }) {
            assertThat(DeadLetterHeaders.origin(Map.of(
                            WireHeaders.DEAD_SOURCE,
                            DeadLetterHeaders.name(source),
                            WireHeaders.DEAD_ORDERING,
                            ordering.name())))
                    .isEqualTo(source);
        }
    }

    @Test
    void anOriginWithoutALegibleOrderingIsPerKey() {
        assertThat(DeadLetterHeaders.origin(Map.of(WireHeaders.DEAD_SOURCE, "queue:orders")))
                .isEqualTo(ORDERS);
        assertThat(DeadLetterHeaders.origin(
                        Map.of(WireHeaders.DEAD_SOURCE, "queue:orders", WireHeaders.DEAD_ORDERING, "per_key")))
                .isEqualTo(ORDERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "orders",
                "queue:",
                "queue:no such name",
                "topic:",
                "topic:signups",
                "topic:/mail",
                "topic:signups/",
                "topic:signups/no such name",
                "topic:no such name/mail",
                "queue/orders",
                "other:orders",
                "other:x/mail"
            })
    void whatIsNoOriginIsNotTakenForOne(String text) {
        assertThat(DeadLetterHeaders.origin(Map.of(WireHeaders.DEAD_SOURCE, text)))
                .isNull();
    }

    private static Map<String, String> letter() {
        return new HashMap<>(Map.of(
                WireHeaders.DEAD_REASON,
                "PERMANENT",
                WireHeaders.DEAD_SOURCE,
                "queue:orders",
                WireHeaders.DEAD_ATTEMPTS,
                "4",
                WireHeaders.DEAD_FIRST_AT,
                "1000",
                WireHeaders.DEAD_LAST_AT,
                "2000",
                WireHeaders.DEAD_EXCEPTION,
                "java.io.IOException",
                WireHeaders.DEAD_DETAILS,
                "the details"));
    }

    @Test
    void whatALetterSaysIsRead() {
        DeadLetterInfo info = DeadLetterHeaders.read(letter()).orElseThrow();
        assertThat(info.reason()).isEqualTo(DeadLetterReason.PERMANENT);
        assertThat(info.source()).isEqualTo(ORDERS);
        assertThat(info.attempts()).isEqualTo(4);
        assertThat(info.firstAttemptAt()).isEqualTo(Instant.ofEpochMilli(1_000));
        assertThat(info.lastAttemptAt()).isEqualTo(Instant.ofEpochMilli(2_000));
        assertThat(info.exceptionClass()).contains("java.io.IOException");
        assertThat(info.exceptionDetails()).contains("the details");
    }

    @Test
    void moreAttemptsThanAnIntegerHoldsAreAsManyAsItHolds() {
        Map<String, String> forged = letter();
        forged.put(WireHeaders.DEAD_ATTEMPTS, "99999999999");
        assertThat(DeadLetterHeaders.read(forged).orElseThrow().attempts()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void withoutAReasonOrAnOriginItIsNoLetter() {
        for (String needed : new String[] {WireHeaders.DEAD_REASON, WireHeaders.DEAD_SOURCE}) {
            Map<String, String> without = letter();
            without.remove(needed);
            assertThat(DeadLetterHeaders.read(without)).isEmpty();
            without.put(needed, "nonsense");
            assertThat(DeadLetterHeaders.read(without)).isEmpty();
        }
    }

    @Test
    void theWayBackUncoversEachEarlierLetter() {
        Map<String, String> received = new LinkedHashMap<>(
                Map.of("tenant", "t1", WireHeaders.DEAD_SOURCE, "queue:c", WireHeaders.DEAD_EXCEPTION, "of c"));
        received.put(WireHeaders.DEAD_SOURCE + "-1", "queue:b");
        received.put(WireHeaders.DEAD_EXCEPTION + "-1", "of b");
        received.put(WireHeaders.DEAD_SOURCE + "-2", "queue:a");
        received.put(WireHeaders.DEAD_STORED_AS + "-2", "frame");
        received.put(WireHeaders.DEAD_SOURCE + "-4", "behind a gap");
        assertThat(DeadLetterHeaders.withoutLast(received, 5, "r1"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "tenant",
                        "t1",
                        WireHeaders.REDRIVES,
                        "5",
                        WireHeaders.REDRIVE,
                        "r1",
                        WireHeaders.DEAD_SOURCE,
                        "queue:b",
                        WireHeaders.DEAD_EXCEPTION,
                        "of b",
                        WireHeaders.DEAD_SOURCE + "-1",
                        "queue:a",
                        WireHeaders.DEAD_STORED_AS + "-1",
                        "frame"));
    }

    @Test
    void noMoreThanNineEarlierLettersAreKept() {
        Map<String, String> received = new HashMap<>(Map.of(WireHeaders.DEAD_SOURCE, "queue:last"));
        for (int level = 1; level <= 12; level++) {
            received.put(WireHeaders.DEAD_SOURCE + "-" + level, "queue:before-" + level);
        }
        broker.put(AT_ORDERS, "m1", "k", received);
        Consumer consumer = consumer(ORDERS).retry(RetryPolicy.never()).start(delivery -> {
            throw new IllegalStateException("bad");
        });
        settledAll(consumer);
        assertThat(broker.at(AT_DEAD).get(0).headers())
                .containsEntry(WireHeaders.DEAD_SOURCE, "queue:orders")
                .containsEntry(WireHeaders.DEAD_SOURCE + "-1", "queue:last")
                .containsEntry(WireHeaders.DEAD_SOURCE + "-9", "queue:before-8")
                .doesNotContainKey(WireHeaders.DEAD_SOURCE + "-10");
    }

    /** Characters of one to four bytes, so that the cut falls inside each of them. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "\u00fc", "\u20ac", "\uD83D\uDE00"})
    void detailsAreCutAtTwoKibibytesBetweenCharacters(String character) {
        String message = character.repeat(2_500);
        put("k", "m1");
        Consumer consumer = consumer(ORDERS)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.builder().exceptionDetails(true).build())
                .start(delivery -> {
                    throw new IllegalStateException(message);
                });
        settledAll(consumer);
        String details = broker.at(AT_DEAD).get(0).headers().get(WireHeaders.DEAD_DETAILS);
        int bytes = details.getBytes(StandardCharsets.UTF_8).length;
        int width = character.getBytes(StandardCharsets.UTF_8).length;
        assertThat(bytes).isGreaterThan(2_048 - width).isLessThanOrEqualTo(2_048);
        assertThat("java.lang.IllegalStateException: " + message).startsWith(details);
    }

    @Test
    void detailsThatFitAreWhole() {
        put("k", "m1");
        Consumer consumer = consumer(ORDERS)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.builder().exceptionDetails(true).build())
                .start(delivery -> {
                    IllegalStateException failure = new IllegalStateException("short");
                    failure.setStackTrace(new StackTraceElement[0]);
                    throw failure;
                });
        settledAll(consumer);
        assertThat(broker.at(AT_DEAD).get(0).headers())
                .containsEntry(
                        WireHeaders.DEAD_DETAILS, "java.lang.IllegalStateException: short" + System.lineSeparator());
    }
}
