package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void areDistinctAndBelowTheUsualEphemeralRange() {
        List<Integer> ports = Ports.free(50);
        assertThat(ports).hasSize(50).doesNotHaveDuplicates().allMatch(port -> port >= 1_024 && port < 32_768);
        assertThat(Ports.free(50)).doesNotContainAnyElementsOf(ports);
    }
}
