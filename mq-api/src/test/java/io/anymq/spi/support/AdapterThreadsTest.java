package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class AdapterThreadsTest {
    @Test
    void daemonsAreNumbered() {
        ThreadFactory factory = AdapterThreads.daemons("anymq-x");
        Thread first = factory.newThread(() -> {});
        assertThat(first.isDaemon()).isTrue();
        assertThat(first.getName()).isEqualTo("anymq-x-1");
        assertThat(factory.newThread(() -> {}).getName()).isEqualTo("anymq-x-2");
    }
}
