package io.anymq.tck;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** A rule together with the code that verifies it. */
final class RuleCase {
    private final Rule rule;
    private final Method method;
    private final Specification.Entry entry;

    RuleCase(Rule rule, Method method, Specification.Entry entry) {
        this.rule = rule;
        this.method = method;
        this.entry = entry;
    }

    Rule rule() {
        return rule;
    }

    String id() {
        return rule.id();
    }

    String sentence() {
        return entry.sentence();
    }

    /** Whether no adapter has a part in it. */
    boolean isEngineRule() {
        return entry.engineRule();
    }

    void verify(TckContext context) throws Throwable {
        try {
            Constructor<?> constructor = method.getDeclaringClass().getDeclaredConstructor();
            constructor.setAccessible(true);
            method.setAccessible(true);
            method.invoke(constructor.newInstance(), context);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public String toString() {
        return rule.id() + " " + sentence();
    }
}
