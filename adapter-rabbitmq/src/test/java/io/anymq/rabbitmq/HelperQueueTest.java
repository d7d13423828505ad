package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HelperQueueTest {
    @Test
    void quorumQueuesAreHelpedByQuorumQueuesAndTheClassicOnesThatExist() {
        assertThat(HelperQueue.members("orders", true, true))
                .containsExactly(
                        new HelperQueue("orders~members.q", Map.of("x-queue-type", "quorum"), true),
                        new HelperQueue("orders~members", null, false));
        assertThat(HelperQueue.attempts("orders", true, true))
                .containsExactly(
                        new HelperQueue(
                                "orders~attempts.q",
                                Map.of(
                                        "x-queue-type",
                                        "quorum",
                                        "x-message-ttl",
                                        604_800_000L,
                                        "x-max-length-bytes",
                                        16L << 20,
                                        "x-single-active-consumer",
                                        true,
                                        "x-delivery-limit",
                                        1_000_000),
                                true),
                        new HelperQueue("orders~attempts", null, false));
    }

    /** As older versions declare them, which would refuse anything else. */
    @Test
    void classicQueuesAreHelpedByClassicQueues() {
        assertThat(HelperQueue.members("orders", false, true))
                .containsExactly(new HelperQueue("orders~members", Map.of("x-queue-type", "classic"), false));
        assertThat(HelperQueue.attempts("orders", false, true))
                .containsExactly(new HelperQueue(
                        "orders~attempts",
                        Map.of(
                                "x-queue-type",
                                "classic",
                                "x-message-ttl",
                                604_800_000L,
                                "x-max-length-bytes",
                                16L << 20),
                        false));
    }

    @Test
    void whatMayNotBeCreatedIsUsedUnderEitherName() {
        for (boolean quorum : new boolean[] {true, false}) {
            assertThat(HelperQueue.members("orders", quorum, false))
                    .containsExactly(
                            new HelperQueue("orders~members.q", null, true),
                            new HelperQueue("orders~members", null, false));
        }
    }
}
