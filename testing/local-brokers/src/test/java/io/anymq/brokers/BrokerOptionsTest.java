package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerOptionsTest {
    private final BrokerOptions options = BrokerOptions.defaults();

    @Test
    void everyOptionCanBeChangedAndKeepsTheOthers() {
        BrokerOptions changed = options.withVia(Via.PROCESS)
                .withExternalUrl("kafka://h:1")
                .withDurability(Durability.POWER)
                .withTuning(Tuning.THROUGHPUT)
                .withHeapMegabytes(512)
                .withStartTimeout(Duration.ofSeconds(5))
                .withAdvertised("h:2")
                .withFolder(Path.of("f"))
                .withSetting("a", "1")
                .withSetting("b", "2");
        assertThat(changed.via()).contains(Via.PROCESS);
        assertThat(changed.externalUrl()).contains("kafka://h:1");
        assertThat(changed.durability()).isEqualTo(Durability.POWER);
        assertThat(changed.tuning()).isEqualTo(Tuning.THROUGHPUT);
        assertThat(changed.heapMegabytes()).isEqualTo(512);
        assertThat(changed.startTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(changed.advertised()).contains("h:2");
        assertThat(changed.folder()).contains(Path.of("f"));
        assertThat(changed.settings()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(options.settings()).isEmpty();
    }

    @Test
    void valuesOutOfBoundsAreRefused() {
        assertThatThrownBy(() -> options.withHeapMegabytes(63)).hasMessageContaining("at least 64");
        assertThatThrownBy(() -> options.withStartTimeout(Duration.ZERO)).hasMessageContaining("more than 0");
        assertThatThrownBy(() -> options.withAdvertised("nowhere")).hasMessageContaining("host:port");
    }
}
