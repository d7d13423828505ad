package io.anymq.spring.listener;

import io.anymq.spring.AnyMqListener;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Collects the methods with {@link AnyMqListener}; after every proxy was made, since the proxy is what is called. */
public final class ListenerBeanPostProcessor implements BeanPostProcessor, Ordered {
    private final Set<Class<?>> without = ConcurrentHashMap.newKeySet();
    private final List<ListenerMethod> found = new ArrayList<>();
    private @Nullable Consumer<ListenerMethod> later;

    /** The annotated methods of a class, inherited ones included. */
    public static Map<Method, AnyMqListener> methodsOf(Class<?> type) {
        if (!AnnotationUtils.isCandidateClass(type, AnyMqListener.class)) {
            return Map.of();
        }
        return MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<@Nullable AnyMqListener>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, AnyMqListener.class));
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> type = AopUtils.getTargetClass(bean);
        boolean isInfrastructure = bean instanceof AopInfrastructureBean && !(bean instanceof ScopedObject);
        // the proxy in front of a scope is called, and finds the bean of that time
        if (isInfrastructure || ScopedProxyUtils.isScopedTarget(beanName) || without.contains(type)) {
            return bean;
        }
        Map<Method, AnyMqListener> methods = methodsOf(type);
        if (methods.isEmpty()) {
            without.add(type);
        }
        methods.forEach((method, annotation) -> add(new ListenerMethod(beanName, bean, type, method, annotation)));
        return bean;
    }

    private void add(ListenerMethod method) {
        Consumer<ListenerMethod> consumer;
        synchronized (found) {
            consumer = later;
            if (consumer == null) {
                found.add(method);
                return;
            }
        }
        consumer.accept(method);
    }

    /** All methods found so far; those of beans that are made later go to {@code consumer}. */
    List<ListenerMethod> take(Consumer<ListenerMethod> consumer) {
        synchronized (found) {
            later = consumer;
            List<ListenerMethod> all = List.copyOf(found);
            found.clear();
            return all;
        }
    }
}
