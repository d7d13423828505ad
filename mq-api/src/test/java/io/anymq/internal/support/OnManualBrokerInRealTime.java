package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A client on a {@link ManualBroker}, with the system's clock. */
@Timeout(20)
public abstract class OnManualBrokerInRealTime {
    protected static final Queue ORDERS = Queue.of("orders");
    protected static final Duration SOON = Duration.ofSeconds(10);

    protected final ManualBroker broker = new ManualBroker();

    /** Notes of handlers, such as ids. */
    protected final List<String> handled = new CopyOnWriteArrayList<>();

    /** The client that was opened last. */
    protected MessagingClient client;

    protected final MessagingClient open(Interceptor... interceptors) {
        MessagingClient.Builder builder =
                MessagingClient.builder().adapter(broker).url("manual:");
        for (Interceptor interceptor : interceptors) {
            builder.interceptor(interceptor);
        }
        client = builder.open();
        return client;
    }

    @AfterEach
    final void nothingIsLeft() {
        if (client != null) {
            client.close();
        }
        ClientThreads.awaitNone(SOON);
        assertThat(broker.openSenders).hasValue(0);
    }

    /** Sends a message whose text is its id. */
    protected final void send(String id, @Nullable String key) {
        Message<String> message = Message.of(id).withId(id);
        try (Producer<String> producer = client.producer(ORDERS, String.class)) {
            producer.send(key == null ? message : message.withKey(key)).join();
        }
    }
}
