package io.anymq.spring.test;

import io.anymq.API;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of listeners and producers alone, on an in-memory broker of its own. Of the application's components those
 * with a listener are found, and of auto-configurations those of AnyMQ and of Jackson are used; add others with
 * {@code @Import}, and what listeners call with {@code @MockitoBean} or {@code @Import}.
 *
 * <pre>{@code
 * @AnyMqTest
 * class ShippingTest {
 *     @Autowired MessagingClient client;
 *     @Autowired InMemoryBroker broker;
 *     @MockitoBean Carrier carrier;
 *
 *     @Test
 *     void ships() {
 *         client.producer(Queue.of("orders"), Order.class).send(new Order("books")).join();
 *         broker.awaitIdle(Duration.ofSeconds(10));
 *         verify(carrier).collect("books");
 *     }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@BootstrapWith(AnyMqTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(AnyMqTypeExcludeFilter.class)
@AutoConfigureInMemoryBroker
@ImportAutoConfiguration
@API(API.Status.EVOLVING)
public @interface AnyMqTest {
    /** Properties as {@code key=value}, set before the application context starts. */
    String[] properties() default {};

    /** Whether components with a listener are found; else only those that {@link #includeFilters} name. */
    boolean useDefaultFilters() default true;

    /** Further components of the application. */
    Filter[] includeFilters() default {};

    /** Components to leave out. */
    Filter[] excludeFilters() default {};

    /** Auto-configurations to leave out. */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};
}
