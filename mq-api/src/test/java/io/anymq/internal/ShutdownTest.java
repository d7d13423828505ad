package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.internal.support.ChildJvm;
import io.anymq.internal.support.ManualBroker;
import java.io.BufferedReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On SIGTERM a JVM closes the client it waits for, and ends when its handlers have finished. */
@Timeout(120)
class ShutdownTest {
    private static final int ENDED_BY_SIGTERM = 128 + 15;

    /** The program: says what happens, and its handler goes on when it is told to. */
    static final class Program {
        private Program() {}

        private static void say(String what) {
            System.out.println(what);
            System.out.flush();
        }

        public static void main(String[] arguments) throws Exception {
            Queue orders = Queue.of("orders");
            ManualBroker broker = new ManualBroker();
            MessagingClient client =
                    MessagingClient.builder().adapter(broker).url("manual:").open();
            // the first call prepares for a JVM that ends, and the test must not be quicker than that
            boolean unusedYet = client.awaitShutdown(Duration.ZERO);
            Consumer consumer = client.consumer(orders, String.class).start(delivery -> {
                say("handling");
                int unused = System.in.read();
                say("handled");
            });
            consumer.whenClosed()
                    .thenRun(() -> say("closed, left at the broker: " + broker.ids("queue orders")))
                    .exceptionally(failure -> null);
            Thread watch = new Thread(() -> {
                await().forever()
                        .until(() -> client.health(Duration.ofSeconds(1)).status() == Health.Status.DOWN);
                say("closing");
            });
            watch.setDaemon(true);
            watch.start();
            client.producer(orders, String.class)
                    .send(Message.of("hello").withId("m1"))
                    .get();
            client.awaitShutdown();
        }
    }

    @Test
    void sigtermClosesTheClientAndLetsHandlersFinish() throws Exception {
        Process program = ChildJvm.start(Program.class);
        List<String> said = new ArrayList<>();
        try (BufferedReader output = program.inputReader();
                Writer input = new OutputStreamWriter(program.getOutputStream(), StandardCharsets.UTF_8)) {
            readUntil(output, said, "handling");
            // the handle: Process.destroy closes the streams, too
            assertThat(program.toHandle().destroy()).isTrue();
            readUntil(output, said, "closing");
            assertThat(program.isAlive()).as("alive while a handler runs").isTrue();
            input.write('!');
            input.flush();
            readUntil(output, said, "closed, left at the broker: []");
            assertThat(program.waitFor(30, TimeUnit.SECONDS)).as("has ended").isTrue();
            assertThat(program.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(said).containsSubsequence("handling", "closing", "handled");
        } finally {
            program.destroyForcibly();
        }
    }

    private static void readUntil(BufferedReader output, List<String> said, String line) throws Exception {
        while (!said.contains(line)) {
            String next = output.readLine();
            assertThat(next).as("'" + line + "' after " + said).isNotNull();
            said.add(next);
        }
    }

    @Test
    void aClientThatIsClosedLeavesNoHookAndNobodyWaiting() throws Exception {
        MessagingClient client = MessagingClient.builder()
                .adapter(new ManualBroker())
                .url("manual:")
                .open();
        assertThat(client.awaitShutdown(Duration.ZERO)).isFalse();
        client.close();
        assertThat(client.awaitShutdown(Duration.ZERO)).isTrue();
        client.awaitShutdown();
    }
}
