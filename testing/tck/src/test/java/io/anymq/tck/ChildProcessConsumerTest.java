package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ChildProcessConsumerTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Says something both ways and ends. */
    public static final class Quitter {
        private Quitter() {}

        /** Ends with the status that it is given. */
        public static void main(String[] args) {
            System.out.println("anymq-tck started one");
            System.out.println("no broker at " + args[0]);
            System.err.println("giving up");
            System.exit(7);
        }
    }

    /** Says that it has started and waits. */
    public static final class Waiter {
        private Waiter() {}

        /** Waits until its standard input ends. */
        public static void main(String[] args) throws java.io.IOException {
            System.out.println("anymq-tck started one");
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    @Test
    void aChildThatEndsByItselfIsQuotedWhereverItIsAskedAbout() throws Exception {
        try (var child = ChildProcessConsumer.start(classPath(), Quitter.class.getName(), List.of("localhost:1"))) {
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThatThrownBy(child::started).isInstanceOf(IllegalStateException.class));
            for (ThrowingCallable question : List.<ThrowingCallable>of(
                    child::started, child::settled, child::stopped, child::history, child::crash)) {
                assertThatThrownBy(question)
                        .hasMessageContaining("ended by itself with exit status 7")
                        .hasMessageContaining("no broker at localhost:1")
                        .hasMessageContaining("giving up")
                        .hasMessageNotContaining("anymq-tck started");
            }
        }
    }

    @Test
    void aMainClassThatIsNotThereIsQuotedToo() throws Exception {
        try (var child = ChildProcessConsumer.start(classPath(), "org.example.Missing", List.of())) {
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThatThrownBy(child::started)
                            .hasMessageContaining("exit status 1")
                            .hasMessageContaining("org.example.Missing"));
        }
    }

    @Test
    void aChildThatIsKilledMayBeAskedAfterwards() throws Exception {
        try (var child = ChildProcessConsumer.start(classPath(), Waiter.class.getName(), List.of())) {
            await().atMost(LIMIT).until(() -> child.started().equals(List.of("one")));
            child.crash();
            assertThat(child.started()).containsExactly("one");
            assertThat(child.stopped()).isFalse();
        }
    }

    @Test
    void relativeEntriesOfTheClassPathAreFoundFromAnotherFolder() throws Exception {
        Path here = Path.of("").toAbsolutePath();
        String relative = Arrays.stream(classPath().split(File.pathSeparator))
                .map(entry -> here.relativize(Path.of(entry).toAbsolutePath()).toString())
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(relative).isNotEqualTo(classPath());
        try (var child = ChildProcessConsumer.start(relative, Waiter.class.getName(), List.of())) {
            await().atMost(LIMIT).until(() -> child.started().equals(List.of("one")));
        }
        assertThat(ChildProcessConsumer.absolute("target/classes" + File.pathSeparator + "/lib/a.jar"))
                .isEqualTo(here.resolve("target/classes") + File.pathSeparator + "/lib/a.jar");
        assertThat(ChildProcessConsumer.absolute("")).isEqualTo(here.toString());
    }
}
