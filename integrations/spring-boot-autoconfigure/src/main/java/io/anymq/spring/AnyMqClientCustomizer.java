package io.anymq.spring;

import io.anymq.API;
import io.anymq.MessagingClient;

/**
 * Changes the builder of the client before it opens. Beans of this type are called in their order, after all properties
 * were set. Called again for each attempt to reach a broker that is down at the start.
 *
 * <pre>{@code
 * @Bean
 * AnyMqClientCustomizer names() {
 *     return builder -> builder.physicalName(Queue.of("orders"), "orders.placed.v1");
 * }
 * }</pre>
 */
@FunctionalInterface
@API(API.Status.EVOLVING)
public interface AnyMqClientCustomizer {
    /** Changes {@code builder}. */
    void customize(MessagingClient.Builder builder);
}
