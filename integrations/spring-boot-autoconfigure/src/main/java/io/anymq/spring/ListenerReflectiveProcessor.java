package io.anymq.spring;

import io.anymq.Delivery;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.SimpleReflectiveProcessor;
import org.springframework.core.ResolvableType;

/** A native image may call the listener's method, and read and write the bodies that it takes. */
class ListenerReflectiveProcessor extends SimpleReflectiveProcessor {
    private final BindingReflectionHintsRegistrar bindings = new BindingReflectionHintsRegistrar();

    @Override
    public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
        super.registerReflectionHints(hints, element);
        if (element instanceof Method method) {
            for (int i = 0; i < method.getParameterCount(); i++) {
                ResolvableType type = ResolvableType.forMethodParameter(method, i);
                if (type.toClass() == List.class) {
                    type = type.getGeneric();
                }
                if (type.toClass() == Delivery.class) {
                    type = type.getGeneric();
                }
                bindings.registerReflectionHints(hints, new Type[] {type.getType()});
            }
        }
    }
}
