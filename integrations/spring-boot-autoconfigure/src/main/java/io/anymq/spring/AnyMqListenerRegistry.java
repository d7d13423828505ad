package io.anymq.spring;

import io.anymq.API;
import java.util.Collection;
import java.util.Optional;

/**
 * The listeners of an application. Thread-safe; injected as a bean.
 *
 * <pre>{@code
 * registry.listener("billing.charge").ifPresent(AnyMqListenerContainer::pause);
 * }</pre>
 */
@API(API.Status.EVOLVING)
public interface AnyMqListenerRegistry {
    /** All listeners in the order of their ids; those of lazy beans as soon as the bean exists. */
    Collection<AnyMqListenerContainer> listeners();

    /** The listener of this id. */
    Optional<AnyMqListenerContainer> listener(String id);
}
