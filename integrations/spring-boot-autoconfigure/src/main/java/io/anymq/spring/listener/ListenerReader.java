package io.anymq.spring.listener;

import io.anymq.Delivery;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Topic;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.RetryPolicy;
import io.anymq.spring.AnyMqListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/** Turns an annotation into a {@link Listener} and collects everything that is wrong with it. For one method. */
final class ListenerReader {
    private static final SpelExpressionParser PARSER = new SpelExpressionParser();

    private final ConfigurableListableBeanFactory beans;
    private final ListenerMethod method;
    private final ListenerDefaults defaults;
    private final List<String> problems = new ArrayList<>();

    ListenerReader(ConfigurableListableBeanFactory beans, ListenerMethod method, ListenerDefaults defaults) {
        this.beans = beans;
        this.method = method;
        this.defaults = defaults;
    }

    /** Null if something is wrong, which {@code into} then holds. */
    @Nullable
    Listener read(List<String> into) {
        AnyMqListener annotation = method.annotation();
        if (MergedAnnotations.from(method.method()).stream(AnyMqListener.class).count() > 1) {
            problems.add(
                    "must have one @AnyMqListener, its own or that of another annotation; write a method for each");
        }
        String id = text("id", annotation.id());
        Source source = source(annotation);
        HandlerMethod handler = attempt(() -> HandlerMethod.of(method));
        Integer concurrency = number("concurrency", annotation.concurrency());
        Integer batch = number("batch", annotation.batch());
        RetryPolicy retry = retry(annotation);
        DeadLetterPolicy deadLetter = deadLetter(annotation);
        IdempotencyPolicy idempotency = idempotency(annotation);
        Function<Delivery<?>, String> key = idempotencyKey(annotation);
        FlowControl flow = bean("flow", text("flow", annotation.flow()), FlowControl.class);
        Executor executor = bean("executor", text("executor", annotation.executor()), Executor.class);
        boolean autoStartup = autoStartup(annotation);
        if (handler != null && handler.isAsync() && defaults.decorator() != null) {
            problems.add("must return void, because its transaction ends when it returns (anymq.inbox.enabled=true)");
        }
        problems.forEach(problem -> into.add("@AnyMqListener " + method.describe() + " " + problem));
        if (!problems.isEmpty() || source == null || handler == null) {
            return null;
        }
        return new Listener(
                id.isEmpty() ? method.beanName() + "." + method.method().getName() : id,
                source,
                handler,
                concurrency,
                retry,
                deadLetter,
                idempotency,
                key,
                flow,
                executor,
                batch == null ? 100 : batch,
                autoStartup,
                defaults.decorator());
    }

    private @Nullable Source source(AnyMqListener annotation) {
        String queue = text("queue", annotation.queue());
        String topic = text("topic", annotation.topic());
        String subscription = text("subscription", annotation.subscription());
        if (queue.isEmpty() && topic.isEmpty() && subscription.isEmpty()) {
            problems.add("must name a queue, or a topic and a subscription");
        } else if (!queue.isEmpty() && !(topic.isEmpty() && subscription.isEmpty())) {
            problems.add("must name either a queue, or a topic and a subscription, not both");
        } else if (queue.isEmpty() && topic.isEmpty()) {
            problems.add("names the subscription '" + subscription + "' without its topic; add topic");
        } else if (queue.isEmpty() && subscription.isEmpty()) {
            problems.add("names the topic '" + topic + "' without a subscription, which tells its copy of the messages"
                    + " from that of others; add subscription");
        } else if (queue.isEmpty()) {
            return attempt(
                    () -> new Topic(topic, annotation.ordering()).subscription(subscription, annotation.start()));
        } else {
            return attempt(() -> new Queue(queue, annotation.ordering()));
        }
        return null;
    }

    private @Nullable RetryPolicy retry(AnyMqListener annotation) {
        String name = text("retry", annotation.retry());
        RetryPolicy policy = null;
        if (!name.isEmpty() && name.chars().allMatch(Character::isDigit)) {
            policy = attempt(() -> defaults.retry().toBuilder()
                    .maxAttempts(Integer.parseInt(name))
                    .build());
        } else if (!name.isEmpty()) {
            policy = bean("retry", name, RetryPolicy.class);
        }
        if (annotation.permanentOn().length > 0) {
            RetryPolicy base = policy == null ? defaults.retry() : policy;
            List<Class<? extends Throwable>> permanent = new ArrayList<>(base.permanentOn());
            permanent.addAll(Arrays.asList(annotation.permanentOn()));
            policy = permanentOn(base, permanent);
        }
        return policy;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of classes, each of which is of a Throwable
    private static RetryPolicy permanentOn(RetryPolicy base, List<Class<? extends Throwable>> permanent) {
        return base.toBuilder().permanentOn(permanent.toArray(new Class[0])).build();
    }

    private @Nullable DeadLetterPolicy deadLetter(AnyMqListener annotation) {
        String name = text("deadLetter", annotation.deadLetter());
        String queue = text("deadLetterQueue", annotation.deadLetterQueue());
        if (name.isEmpty() && queue.isEmpty()) {
            return null;
        }
        DeadLetterPolicy base =
                switch (name) {
                    case "" -> defaults.deadLetter();
                    case "park-key" -> DeadLetterPolicy.parkKey();
                    case "stop" -> DeadLetterPolicy.stop();
                    case "discard" -> DeadLetterPolicy.discard();
                    default -> bean("deadLetter", name, DeadLetterPolicy.class);
                };
        if (base == null || queue.isEmpty()) {
            return base;
        }
        return attempt(() -> base.toBuilder().queue(queue).build());
    }

    private @Nullable IdempotencyPolicy idempotency(AnyMqListener annotation) {
        String name = text("idempotency", annotation.idempotency());
        if (name.isEmpty()) {
            return null;
        }
        if (beans.containsBean(name) && beans.isTypeMatch(name, IdempotencyStore.class)) {
            return IdempotencyPolicy.with(beans.getBean(name, IdempotencyStore.class));
        }
        return bean("idempotency", name, IdempotencyPolicy.class);
    }

    private @Nullable Function<Delivery<?>, String> idempotencyKey(AnyMqListener annotation) {
        // an expression on the message, so one that the bean factory must not evaluate
        String text = annotation.idempotencyKey();
        if (text.isEmpty()) {
            return null;
        }
        if (annotation.idempotency().isEmpty()) {
            problems.add("has an idempotencyKey without idempotency; name a policy or a store");
            return null;
        }
        Expression expression;
        try {
            expression = PARSER.parseExpression(text);
        } catch (ParseException e) {
            problems.add("has an idempotencyKey that is not an expression: " + e.getMessage());
            return null;
        }
        return delivery -> {
            SimpleEvaluationContext context = SimpleEvaluationContext.forReadOnlyDataBinding()
                    .withInstanceMethods()
                    .build();
            Object key = expression.getValue(context, delivery);
            return key == null ? "" : key.toString();
        };
    }

    private boolean autoStartup(AnyMqListener annotation) {
        String text = text("autoStartup", annotation.autoStartup());
        return switch (text) {
            case "" -> defaults.autoStartup();
            case "true" -> true;
            case "false" -> false;
            default -> {
                problems.add("has autoStartup '" + text + "', which must be true or false");
                yield true;
            }
        };
    }

    private @Nullable Integer number(String attribute, String value) {
        String text = text(attribute, value);
        if (text.isEmpty()) {
            return null;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= 10_000) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the same cure
        }
        problems.add("has " + attribute + " '" + text + "', which must be a number between 1 and 10,000");
        return null;
    }

    private <B> @Nullable B bean(String attribute, String name, Class<B> type) {
        if (name.isEmpty()) {
            return null;
        }
        if (beans.containsBean(name) && beans.isTypeMatch(name, type)) {
            return beans.getBean(name, type);
        }
        String[] known = beans.getBeanNamesForType(type, true, false);
        problems.add("has " + attribute + " '" + name + "', which is not the name of a " + type.getSimpleName()
                + " bean (" + (known.length == 0 ? "there is none" : "known: " + String.join(", ", known)) + ")");
        return null;
    }

    private <V> @Nullable V attempt(Supplier<V> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException | MessagingException e) {
            problems.add(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** With its placeholders and expressions resolved. */
    private String text(String attribute, String value) {
        if (value.isEmpty()) {
            return value;
        }
        try {
            String resolved = beans.resolveEmbeddedValue(value);
            BeanExpressionResolver expressions = beans.getBeanExpressionResolver();
            Object evaluated = resolved == null || expressions == null
                    ? resolved
                    : expressions.evaluate(resolved, new BeanExpressionContext(beans, null));
            return evaluated == null ? "" : evaluated.toString().trim();
        } catch (RuntimeException e) {
            problems.add("has " + attribute + " '" + value + "', which cannot be resolved: " + e.getMessage());
            return "";
        }
    }
}
