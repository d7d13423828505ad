package io.anymq.spring.listener;

import io.anymq.spring.AnyMqListener;
import java.lang.reflect.Method;
import org.springframework.util.ClassUtils;

/**
 * A method that was found to be a listener.
 *
 * @param beanName its bean's name
 * @param bean the bean as others see it, possibly a proxy
 * @param targetClass the class behind a proxy
 * @param method the method as it is declared there
 * @param annotation with aliases and meta-annotations merged
 */
record ListenerMethod(String beanName, Object bean, Class<?> targetClass, Method method, AnyMqListener annotation) {
    /** As an error names it. */
    String describe() {
        return ClassUtils.getQualifiedMethodName(method, targetClass);
    }
}
