package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** The threads that clients have started in this JVM. */
public final class ClientThreads {
    private ClientThreads() {}

    /** Those that run. */
    public static Set<Thread> alive() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("anymq-") && thread.isAlive())
                .collect(Collectors.toSet());
    }

    /** Waits until none is left, which fails after this time. */
    public static void awaitNone(Duration limit) {
        await().atMost(limit).untilAsserted(() -> assertThat(alive()).isEmpty());
    }
}
