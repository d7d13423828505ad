package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.internal.support.ChildJvm;
import io.anymq.internal.support.ManualBroker;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A started consumer keeps its JVM alive until it is closed, and nothing else of a client does. */
@Timeout(120)
class KeepAliveTest {
    private static final long PATIENCE_SECONDS = 30;

    /** What is left open when {@code main} returns. */
    enum Left {
        IDLE_CLIENT,
        PRODUCER,
        CLOSED_CONSUMER,
        CONSUMER_THAT_KEEPS_NOTHING_ALIVE,
        CONSUMER
    }

    /** Returns from {@code main} without closing its client; a handler closes it when standard input ends. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            Left left = Left.valueOf(arguments[0]);
            Queue orders = Queue.of("orders");
            ManualBroker broker = new ManualBroker();
            MessagingClient client = MessagingClient.builder()
                    .adapter(broker)
                    .url("manual:")
                    .set("anymq.consumer.keep-alive", Boolean.toString(left != Left.CONSUMER_THAT_KEEPS_NOTHING_ALIVE))
                    .open();
            if (left != Left.IDLE_CLIENT) {
                // a stage, too, so that every kind of thread has been used
                client.producer(orders, String.class)
                        .send("hello")
                        .thenRunAsync(() -> {})
                        .join();
            }
            if (left.name().contains("CONSUMER")) {
                Consumer consumer = client.consumer(orders, String.class).start(delivery -> {
                    if (left == Left.CONSUMER) {
                        // main has returned long before
                        int unused = System.in.read();
                        client.close();
                    }
                });
                if (left == Left.CLOSED_CONSUMER) {
                    consumer.close();
                }
            }
            System.out.println("main returns");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Left.class, mode = EnumSource.Mode.EXCLUDE, names = "CONSUMER")
    void nothingElseKeepsTheJvmAlive(Left left) throws Exception {
        Process program = ChildJvm.start(Program.class, left.name());
        try {
            assertThat(program.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(output).contains("main returns");
            assertThat(program.exitValue()).as(output).isZero();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void aConsumerKeepsTheJvmAliveUntilItIsClosed() throws Exception {
        Process program = ChildJvm.start(Program.class, Left.CONSUMER.name());
        try (BufferedReader output = program.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.equals("main returns")) {
                line = output.readLine();
            }
            assertThat(line).isEqualTo("main returns");
            assertThat(program.waitFor(2, TimeUnit.SECONDS)).as("has ended").isFalse();
            program.getOutputStream().close();
            assertThat(program.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isZero();
        } finally {
            program.destroyForcibly();
        }
    }
}
