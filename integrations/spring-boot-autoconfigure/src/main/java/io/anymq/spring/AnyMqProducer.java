package io.anymq.spring;

import io.anymq.API;
import io.anymq.policy.Ordering;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Where an injected {@link io.anymq.Producer} sends. The type of the bodies is the producer's type argument. Injection
 * points that say the same get the same producer, which the client closes. Your own {@code Producer} bean needs no
 * annotation and is preferred.
 *
 * <pre>{@code
 * @Component
 * class SignUps {
 *     SignUps(@AnyMqProducer(topic = "signups") Producer<SignedUp> producer) { … }
 * }
 * }</pre>
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@API(API.Status.EVOLVING)
public @interface AnyMqProducer {
    /** The queue; either this or {@link #topic}. May hold placeholders. */
    String queue() default "";

    /** The topic; either this or {@link #queue}. May hold placeholders. */
    String topic() default "";

    /** The ordering of the queue or topic; the same as its consumers declare. */
    Ordering ordering() default Ordering.PER_KEY;
}
