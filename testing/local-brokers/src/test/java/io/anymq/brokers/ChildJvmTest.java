package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(90)
class ChildJvmTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static ChildJvm.Builder child(String... args) {
        return ChildJvm.of(ChildMain.class).args(args).jvmOptions("-Xmx64m");
    }

    private static boolean exists(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    @Test
    void passesEverythingOnAndCapturesOutputAndExitStatus() {
        try (ChildJvm child = child("print", "ä€")
                .systemProperty("child.property", "p")
                .environment("CHILD_VARIABLE", "v")
                .jvmOptions("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8")
                .start()) {
            assertThat(child.awaitExit(LIMIT)).isEqualTo(7);
            assertThat(child.output()).contains("argument ä€", "property p", "variable v", "on standard error");
            assertThat(child.isAlive()).isFalse();
        }
    }

    @Test
    void isKilledInTheMiddleOfItsWork() {
        try (ChildJvm child = child("wait").start()) {
            child.awaitLine("ready", LIMIT);
            assertThat(child.isAlive()).isTrue();
            assertThat(child.usage().cpu().orElseThrow()).isPositive();
            child.kill();
            assertThat(child.isAlive()).isFalse();
            assertThat(exists(child.pid())).isFalse();
            child.kill();
        }
    }

    @Test
    void standsStillWhileSuspended() {
        try (ChildJvm child = child("tick").start()) {
            child.awaitLine("tick 3", LIMIT);
            child.suspend();
            AtomicInteger last = new AtomicInteger();
            await().pollInterval(Duration.ofMillis(50))
                    .during(Duration.ofMillis(300))
                    .atMost(LIMIT)
                    .until(() -> {
                        int now = child.output().size();
                        return last.getAndSet(now) == now;
                    });
            int standing = child.output().size();
            child.resume();
            await().atMost(LIMIT).until(() -> child.output().size() > standing + 3);
        }
    }

    @Test
    void aMissingLineIsAnErrorWithTheLastLines() {
        try (ChildJvm child = child("print", "x").start()) {
            assertThatThrownBy(() -> child.awaitLine("never printed", LIMIT))
                    .isInstanceOf(LocalBrokerException.class)
                    .hasMessageContaining("ended without printing")
                    .hasMessageContaining("argument x");
        }
        try (ChildJvm child = child("wait").start()) {
            child.awaitLine("ready", LIMIT);
            assertThatThrownBy(() -> child.awaitLine("never printed", Duration.ofMillis(50)))
                    .hasMessageContaining("did not print within");
            assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(50))).hasMessageContaining("is still running");
        }
    }

    @Test
    void anExceptionInTheMainMethodEndsIt() {
        try (ChildJvm child = child("fail").start()) {
            assertThat(child.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(String.join("\n", child.output())).contains("IllegalStateException: on purpose");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parent", "parent-of-suspended"})
    void diesWithItsOwner(String mode) {
        try (ChildJvm parent = child(mode).start()) {
            String line = parent.awaitLine("grandchild", LIMIT);
            long pid = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            assertThat(exists(pid)).isTrue();
            parent.kill();
            await().atMost(LIMIT).until(() -> !exists(pid));
        }
    }

    @Test
    void leavesNoThreadBehind() {
        String reader;
        try (ChildJvm child = child("wait").start()) {
            child.awaitLine("ready", LIMIT);
            reader = "child-jvm-output-" + child.pid();
            assertThat(threadNames()).contains(reader);
        }
        assertThat(threadNames()).doesNotContain(reader);
    }

    private static List<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }
}
