/**
 * What an application of Spring uses: {@link io.anymq.spring.AnyMqListener} on methods that handle messages, {@link
 * io.anymq.spring.AnyMqProducer} where a producer is injected, and {@link io.anymq.spring.AnyMqListenerRegistry} to
 * stop, start and pause listeners.
 */
@NullMarked
package io.anymq.spring;

import org.jspecify.annotations.NullMarked;
