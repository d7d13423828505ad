package io.anymq.spring.test;

import io.anymq.API;
import io.anymq.MessagingClient;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spring.autoconfigure.AnyMqAutoConfiguration;
import io.anymq.spring.autoconfigure.AnyMqConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The broker of a test. Its connection details win over the properties. */
@AutoConfiguration(before = AnyMqAutoConfiguration.class)
@API(API.Status.EVOLVING)
public final class InMemoryBrokerAutoConfiguration {
    /** Called by Spring. */
    public InMemoryBrokerAutoConfiguration() {}

    @Bean
    @Primary
    AnyMqConnectionDetails inMemoryConnectionDetails() {
        // private to the client: contexts that Spring caches side by side share nothing
        return () -> "inmemory:";
    }

    @Bean
    InMemoryBroker inMemoryBroker(MessagingClient client) {
        return client.unwrap(InMemoryBroker.class)
                .orElseThrow(
                        () -> new IllegalStateException("the MessagingClient bean of this application is not on the"
                                + " in-memory broker; let AnyMQ's auto-configuration make it"));
    }
}
