package io.anymq.spring.test;

import io.anymq.API;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Replaces the broker that the application's properties name by one in memory, which belongs to the test's application
 * context, and makes it a bean: {@link io.anymq.inmemory.broker.InMemoryBroker} shows what is stored, and its
 * {@code awaitIdle} waits until all work is done. For {@code @SpringBootTest}; {@link AnyMqTest} includes it.
 *
 * <pre>{@code
 * @SpringBootTest
 * @AutoConfigureInMemoryBroker
 * class ShopTest {
 *     @Autowired InMemoryBroker broker;
 *
 *     @Test
 *     void anOrderIsShipped(@Autowired Orders orders, @Autowired Shipping shipping) {
 *         orders.place("books");
 *         broker.awaitIdle(Duration.ofSeconds(10));
 *         assertThat(shipping.shipped()).containsExactly("books");
 *     }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ImportAutoConfiguration(InMemoryBrokerAutoConfiguration.class)
@API(API.Status.EVOLVING)
public @interface AutoConfigureInMemoryBroker {}
