package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.brokers.BrokerKind;
import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import io.anymq.tck.ConformanceReport;
import io.anymq.tck.RuleResult;
import io.anymq.tck.Tck;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A broker whose scheduler is off, as it is by default: AnyMQ holds delayed messages back by itself. */
class ActiveMqWithoutSchedulerIT {
    private static final Set<String> RULES = Set.of(
            "DLY-1", "DLY-2", "DLY-3", "DLY-4", "DLY-5", "DLY-6", "DLY-7", "RTY-9", "DLQ-13", "DLQ-14", "DLQ-15",
            "DLQ-20", "LIF-2");

    @Test
    void delayIsEmulated() {
        ConformanceReport report = Tck.run(
                new ActiveMqHarness(BrokerKind.ACTIVEMQ, Map.of("broker.schedulerSupport", "false"), Map.of()),
                RULES::contains);
        assertThat(report.capabilities().of(Capability.DELAY)).isEqualTo(Support.EMULATED);
        assertThat(report.with(RuleResult.Status.FAILED)).isEmpty();
        assertThat(report.with(RuleResult.Status.PASSED)).hasSize(RULES.size());
    }
}
