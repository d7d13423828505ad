package io.anymq.spring;

import io.anymq.API;
import io.anymq.Delivery;
import io.anymq.StartPosition;
import io.anymq.policy.Ordering;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Makes a method of a bean the handler of a queue or of a subscription. Returning normally settles the message; throwing
 * starts the retry policy.
 *
 * <pre>{@code
 * @Component
 * class Shipping {
 *     @AnyMqListener(queue = "orders", retry = "3", permanentOn = BadAddress.class)
 *     void ship(Order order) { … }
 *
 *     @AnyMqListener(topic = "signups", subscription = "welcome-mail", concurrency = "${mail.concurrency:4}")
 *     void welcome(Delivery<SignedUp> signup) { … }
 *
 *     @AnyMqListener(queue = "clicks", batch = "500")
 *     void store(List<Click> clicks) { … }
 * }
 * }</pre>
 *
 * <p>The method takes the body, a {@link Delivery} of it, both, or a list of either for a batch. It returns nothing, or a
 * {@link java.util.concurrent.CompletionStage} that ends the attempt. It is not private, static or final, and its bean
 * may be a proxy. Spring's {@code @Retryable} and {@code @Async} on it are refused, because the first multiplies the
 * attempts of the retry policy and the second settles a message before it is handled.
 *
 * <p>Texts may hold placeholders ({@code ${orders.queue}}) and expressions ({@code #{…}}). The annotation may be put on
 * your own annotation, with {@link org.springframework.core.annotation.AliasFor} for what varies. What is wrong with any
 * listener is reported in one message before one of them starts.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Reflective(ListenerReflectiveProcessor.class)
@API(API.Status.EVOLVING)
public @interface AnyMqListener {
    /** The name by which {@link AnyMqListenerRegistry} and the actuator know it; default {@code bean.method}. */
    String id() default "";

    /** The queue to read; either this, or {@link #topic} with {@link #subscription}. */
    String queue() default "";

    /** The topic of {@link #subscription}. */
    String topic() default "";

    /** The durable subscription to read; needs {@link #topic}. */
    String subscription() default "";

    /** Where a subscription begins that does not exist yet. */
    StartPosition start() default StartPosition.NOW;

    /** The ordering of the queue or topic; the same as its producers declare. */
    Ordering ordering() default Ordering.PER_KEY;

    /** Handlers that may run at the same time, 1 to 10,000; default {@code anymq.consumer.concurrency}. */
    String concurrency() default "";

    /**
     * The name of a {@link io.anymq.policy.RetryPolicy} bean, or a number of attempts (the first included) with the
     * configured delays; default {@code anymq.retry.*}.
     */
    String retry() default "";

    /** Exceptions, also as causes of others, after which a message is dead-lettered at once. */
    Class<? extends Throwable>[] permanentOn() default {};

    /**
     * The name of a {@link io.anymq.policy.DeadLetterPolicy} bean, or {@code park-key}, {@code stop} or {@code discard};
     * default {@code anymq.dead-letter.*}.
     */
    String deadLetter() default "";

    /** The dead-letter queue; default {@code <queue>-dead} or {@code <topic>-<subscription>-dead}. */
    String deadLetterQueue() default "";

    /**
     * The name of an {@link io.anymq.policy.IdempotencyPolicy} or {@link io.anymq.policy.IdempotencyStore} bean; default
     * none: the method sees duplicates.
     */
    String idempotency() default "";

    /**
     * An expression for the business key of a message, on its {@link Delivery}, such as {@code body.orderId}; default the
     * message's id. Needs {@link #idempotency}.
     */
    String idempotencyKey() default "";

    /** The name of a {@link io.anymq.policy.FlowControl} bean; default {@code anymq.consumer.*}. */
    String flow() default "";

    /** The name of an {@link java.util.concurrent.Executor} bean on which handlers run; default threads of AnyMQ. */
    String executor() default "";

    /** The most messages of one call, 1 to 10,000, where the method takes a list. */
    String batch() default "100";

    /** Whether it starts with the application; default {@code anymq.listener.auto-startup}, which is true. */
    String autoStartup() default "";
}
