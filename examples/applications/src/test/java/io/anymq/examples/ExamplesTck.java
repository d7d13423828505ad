package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.examples.email.AsyncEmail;
import io.anymq.examples.hello.HelloWorld;
import io.anymq.examples.registration.UserRegistration;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every example on one broker. The examples check themselves; a claim that does not hold ends them with status 1. */
@Timeout(300)
abstract class ExamplesTck {
    @TempDir
    Path folder;

    abstract String url();

    @Test
    void helloWorld() {
        assertThat(ExampleProcess.succeed(folder, url(), HelloWorld.class)).contains("Hello, world!");
    }

    @Test
    void asyncEmail() {
        assertThat(ExampleProcess.succeed(folder, url(), AsyncEmail.class, "20", "60"))
                .contains("p50", "p99")
                .contains("checked: each of the 66 mails arrived exactly once")
                .contains("checked: none went to the dead-letter queue");
    }

    @Test
    void aProgramThatOnlySendsEndsWithMain() {
        assertThat(ExampleProcess.succeed(folder, url(), Worker.class, Worker.Until.SENT.name()))
                .contains("main returns");
    }

    @Test
    void aConsumerOutlivesMainUntilItsClientIsClosed() throws Exception {
        try (ExampleProcess worker = ExampleProcess.start(url(), Worker.class, Worker.Until.HANDLED.name())) {
            worker.awaitLines("main returns", "handling");
            assertThat(worker.isAlive()).as("alive while its consumer runs").isTrue();
            worker.tell();
            worker.awaitLines("handled");
            assertThat(worker.awaitExit()).isZero();
        }
        nothingComesAgain(Worker.jobs(Worker.Until.HANDLED));
    }

    @Test
    void sigtermLetsTheHandlerFinishAndSettlesItsMessage() throws Exception {
        try (ExampleProcess worker = ExampleProcess.start(url(), Worker.class, Worker.Until.ASKED.name())) {
            worker.awaitLines("handling");
            worker.terminate();
            worker.awaitLines("closing");
            assertThat(worker.isAlive()).as("alive while a handler runs").isTrue();
            worker.tell();
            worker.awaitLines("handled");
            assertThat(worker.awaitExit()).isEqualTo(ExampleProcess.ENDED_BY_SIGTERM);
        }
        nothingComesAgain(Worker.jobs(Worker.Until.ASKED));
    }

    /** The queue of a process that has ended holds nothing. */
    void nothingComesAgain(Queue queue) {
        // what the embedded broker held has ended with its process
    }

    @Test
    void userRegistration() {
        assertThat(ExampleProcess.succeed(folder, url(), UserRegistration.class))
                .contains("checked: the others do not wait for the partner")
                .contains("checked: no user was welcomed before being created")
                .contains("checked: the fifth subscriber was told once about every user who registered after it"
                        + " joined");
    }
}
