package io.anymq.spring.listener;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.jackson3.Jackson3Codec;
import io.anymq.spring.autoconfigure.AnyMqAutoConfiguration;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications with listeners on a broker in memory. */
abstract class OnListeners {
    static final Duration LIMIT = Duration.ofSeconds(10);

    final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class, AnyMqAutoConfiguration.class))
            .withPropertyValues("anymq.retry.initial-delay=1ms");

    static void send(MessagingClient client, Queue queue, Object... bodies) throws Exception {
        for (Object body : bodies) {
            client.producer(queue, Object.class).send(body).get(10, TimeUnit.SECONDS);
        }
    }

    /** One that Spring has not made; both JSON codecs are on this class path. */
    static MessagingClient client(String url) {
        return MessagingClient.builder().url(url).codec(new Jackson3Codec()).open();
    }

    static InMemoryBroker broker(MessagingClient client) {
        return client.unwrap(InMemoryBroker.class).orElseThrow();
    }

    record Order(String id, int amount) {}

    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
