package io.anymq.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Message;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.VirtualTime;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.ReconnectSignal;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutputsTest {
    private final ManualBroker broker = new ManualBroker();
    private final VirtualTime time = new VirtualTime();
    private final Outputs outputs =
            new Outputs(broker.engine(time, List.of(), new ReconnectSignal()), ProducerOptions.DEFAULT, 2);

    @AfterEach
    void close() {
        outputs.close(Duration.ofSeconds(1));
        assertThat(broker.openSenders).hasValue(0);
    }

    private CompletableFuture<Receipt> send(String queue) {
        time.advance(Duration.ofMillis(1));
        return outputs.with(Queue.of(queue), producer -> producer.sendAsItIs(Message.of("body")));
    }

    private long timesProvisioned(String queue) {
        return broker.provisions.stream().filter(each -> each.endsWith(queue)).count();
    }

    @Test
    void theOneThatWasNotUsedForTheLongestTimeIsClosed() {
        send("a").join();
        send("b").join();
        send("a").join();
        send("c").join();
        assertThat(broker.openSenders).hasValue(2);
        send("a").join();
        assertThat(timesProvisioned("a")).as("how often a was opened").isEqualTo(1);
        send("b").join();
        assertThat(timesProvisioned("b")).as("how often b was opened").isEqualTo(2);
        assertThat(broker.openSenders).hasValue(2);
    }

    @Test
    void whatIsInFlightStaysOpen() {
        List<OutboundMessage> unconfirmed = new ArrayList<>();
        broker.onSend = (address, message) -> unconfirmed.add(message);
        List<CompletableFuture<Receipt>> sends = List.of(send("a"), send("b"), send("c"), send("d"));
        assertThat(broker.openSenders).hasValue(4);
        unconfirmed.forEach(message -> message.confirmed(null));
        assertThat(sends).allMatch(send -> !send.isCompletedExceptionally());
        sends.forEach(CompletableFuture::join);
        CompletableFuture<Receipt> last = send("e");
        assertThat(last).isNotCompletedExceptionally();
        assertThat(broker.openSenders).hasValue(2);
    }

    @Test
    void noSendMeetsAProducerThatIsClosedForAnother() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int first = thread;
                done.add(threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        outputs.with(
                                        Queue.of("q" + (first + i) % 5),
                                        producer -> producer.sendAsItIs(Message.of("body")))
                                .join();
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
