package io.anymq.tck.example;

import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.tck.PlainClient;
import io.anymq.tck.PlainMessage;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

final class ExamplePlainClient implements PlainClient {
    private final InMemoryBroker broker;

    ExamplePlainClient(InMemoryBroker broker) {
        this.broker = broker;
    }

    @Override
    public List<PlainMessage> read(String queue, int expected, Duration bound) {
        if (expected > 0) {
            Awaitility.await().atMost(bound).until(() -> broker.browse(queue).size() >= expected);
        }
        return broker.browse(queue).stream()
                .map(held -> new PlainMessage(held.id(), held.key(), held.body(), held.contentType(), held.headers()))
                .toList();
    }

    @Override
    public void send(String queue, PlainMessage message) {
        throw new UnsupportedOperationException("shown in full in InMemoryPlainClient");
    }
}
