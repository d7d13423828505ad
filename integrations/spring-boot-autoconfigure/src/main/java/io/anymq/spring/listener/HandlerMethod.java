package io.anymq.spring.listener;

import io.anymq.BatchHandler;
import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.Handler;
import io.anymq.TypeRef;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.UndeclaredThrowableException;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** How a listener's method is called: what it takes, what it returns, and through which proxy. Immutable. */
final class HandlerMethod {
    /** What one parameter gets. */
    private enum Argument {
        BODY,
        DELIVERY
    }

    /** What those who come from elsewhere may take; it would be taken for a body. */
    private static final Set<String> MESSAGES = Set.of("io.anymq.Message", "org.springframework.messaging.Message");

    private static final String ONE_OF = "take the body, a Delivery, both, or a List of either";

    private final Object bean;
    private final Method method;
    private final List<Argument> arguments;
    private final boolean batch;
    private final TypeRef<?> bodyType;

    private HandlerMethod(Object bean, Method method, List<Argument> arguments, boolean batch, TypeRef<?> bodyType) {
        this.bean = bean;
        this.method = method;
        this.arguments = arguments;
        this.batch = batch;
        this.bodyType = bodyType;
    }

    /**
     * Looks at the method.
     *
     * @throws IllegalArgumentException with what is wrong and how to cure it, to stand behind the method's name
     */
    static HandlerMethod of(ListenerMethod listener) {
        Method method = listener.method();
        if (Modifier.isPrivate(method.getModifiers())) {
            throw new IllegalArgumentException("must not be private; make it package-private or public");
        }
        if (Modifier.isStatic(method.getModifiers())) {
            throw new IllegalArgumentException("must not be static; make it a method of the bean");
        }
        if (Modifier.isFinal(method.getModifiers()) && AopUtils.isCglibProxy(listener.bean())) {
            throw new IllegalArgumentException("must not be final, because its bean is a proxy that overrides it");
        }
        refuse(
                method,
                listener.targetClass(),
                "Retryable",
                "must not be @Retryable, which would multiply the attempts of the retry policy; set retry of"
                        + " @AnyMqListener instead",
                "org.springframework.resilience.annotation.Retryable",
                "org.springframework.retry.annotation.Retryable");
        refuse(
                method,
                listener.targetClass(),
                "Async",
                "must not be @Async, which would settle the message before it is handled; set concurrency of"
                        + " @AnyMqListener, or return a CompletionStage",
                "org.springframework.scheduling.annotation.Async");
        Class<?> returned = method.getReturnType();
        if (returned != void.class && !CompletionStage.class.isAssignableFrom(returned)) {
            throw new IllegalArgumentException("must return void or a CompletionStage, but returns "
                    + returned.getSimpleName() + "; send an answer with delivery.publish(…)");
        }
        int parameters = method.getParameterCount();
        if (parameters == 0 || parameters > 2) {
            throw new IllegalArgumentException("must " + ONE_OF + ", but has " + parameters + " parameters");
        }
        ResolvableType first = parameter(listener, 0);
        // as it is declared: a type variable that stands for a list is a body
        boolean batch = method.getParameterTypes()[0] == List.class;
        if (batch && parameters > 1) {
            throw new IllegalArgumentException("must take nothing beside the List of a batch");
        }
        if (batch && returned != void.class) {
            throw new IllegalArgumentException("must return void, because it handles batches");
        }
        ResolvableType element = batch ? first.getGeneric() : first;
        Argument kind = kind(element);
        List<Argument> arguments = List.of(kind);
        if (parameters == 2) {
            ResolvableType second = parameter(listener, 1);
            arguments = List.of(kind, kind(second));
            if (kind == kind(second)) {
                throw new IllegalArgumentException("must " + ONE_OF + ", but takes two of a kind");
            }
            element = kind == Argument.DELIVERY ? second : element;
        }
        ResolvableType body = kind == Argument.DELIVERY && parameters == 1 ? element.getGeneric() : element;
        Method invocable = invocable(method, listener.bean());
        ReflectionUtils.makeAccessible(invocable);
        return new HandlerMethod(listener.bean(), invocable, arguments, batch, bodyType(body));
    }

    /** By names, since the application need not have them. */
    private static void refuse(Method method, Class<?> type, String word, String cure, String... annotations) {
        for (String annotation : annotations) {
            if (isOn(method, annotation)) {
                throw new IllegalArgumentException(cure);
            }
            if (isOn(type, annotation)) {
                throw new IllegalArgumentException(cure + " (@" + word + " is on " + type.getSimpleName() + ")");
            }
        }
    }

    private static boolean isOn(AnnotatedElement element, String annotation) {
        return MergedAnnotations.from(element, MergedAnnotations.SearchStrategy.TYPE_HIERARCHY)
                .isPresent(annotation);
    }

    private static ResolvableType parameter(ListenerMethod listener, int index) {
        return ResolvableType.forMethodParameter(
                new MethodParameter(listener.method(), index).withContainingClass(listener.targetClass()));
    }

    private static Argument kind(ResolvableType type) {
        if (MESSAGES.contains(type.toClass().getName())) {
            throw new IllegalArgumentException(
                    "must " + ONE_OF + ", but takes a " + type.toClass().getName() + "; take a Delivery of its body");
        }
        return type.toClass() == Delivery.class ? Argument.DELIVERY : Argument.BODY;
    }

    private static TypeRef<?> bodyType(ResolvableType body) {
        Class<?> plain = body.resolve();
        if (plain == null) {
            throw new IllegalArgumentException("must name the type of the body, as in Delivery<Order>");
        }
        if (!body.hasGenerics() || body.getType() instanceof WildcardType) {
            return TypeRef.of(ClassUtils.resolvePrimitiveIfNecessary(plain));
        }
        try {
            return TypeRef.ofType(withoutVariables(body));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must name the type of the body: " + e.getMessage(), e);
        }
    }

    /** With what the bean's class says of type variables, as {@code class Orders extends Handlers<Order>} does. */
    private static Type withoutVariables(ResolvableType type) {
        Class<?> plain = type.resolve();
        if (plain == null || type.getType() instanceof GenericArrayType) {
            return type.getType();
        }
        if (!type.hasGenerics()) {
            return plain;
        }
        ResolvableType[] arguments = Arrays.stream(type.getGenerics())
                .map(argument -> ResolvableType.forType(withoutVariables(argument)))
                .toArray(ResolvableType[]::new);
        return ResolvableType.forClassWithGenerics(plain, arguments).getType();
    }

    private static Method invocable(Method method, Object bean) {
        try {
            return AopUtils.selectInvocableMethod(method, bean.getClass());
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(
                    "cannot be called through the bean's proxy, which has the methods of its interfaces only; declare"
                            + " it in an interface, or set spring.aop.proxy-target-class=true",
                    e);
        }
    }

    TypeRef<?> bodyType() {
        return bodyType;
    }

    boolean isBatch() {
        return batch;
    }

    boolean isAsync() {
        return method.getReturnType() != void.class;
    }

    /** Starts the consumer with this method as its handler. */
    <T> Consumer start(ConsumerBuilder<T> builder, int maxBatch, @Nullable HandlerDecorator decorator) {
        if (batch) {
            BatchHandler<T> handler = deliveries -> {
                Object list = arguments.get(0) == Argument.DELIVERY
                        ? deliveries
                        : deliveries.stream().map(Delivery::body).toList();
                invoke(list);
            };
            return builder.startBatch(maxBatch, decorator == null ? handler : decorator.aroundBatch(handler));
        }
        if (isAsync()) {
            return builder.startAsync(delivery -> Objects.requireNonNull(
                    (CompletionStage<?>) invoke(arguments(delivery)),
                    () -> method + " returned null; return a CompletionStage"));
        }
        Handler<T> handler = delivery -> invoke(arguments(delivery));
        return builder.start(decorator == null ? handler : decorator.around(handler));
    }

    private Object[] arguments(Delivery<?> delivery) {
        Object[] values = new Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i) == Argument.DELIVERY ? delivery : delivery.body();
        }
        return values;
    }

    /** Throws what the method threw, without the wrappers of reflection and of proxies. */
    private @Nullable Object invoke(Object... values) throws Exception {
        try {
            return method.invoke(bean, values);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getTargetException();
            if (thrown instanceof UndeclaredThrowableException && thrown.getCause() != null) {
                thrown = thrown.getCause();
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            throw thrown instanceof Exception exception ? exception : new IllegalStateException(thrown);
        }
    }
}
