package io.anymq.tck;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** A rule together with the code that verifies it. */
final class RuleCase {
    private final Rule rule;
    private final Method method;
    private final String sentence;

    RuleCase(Rule rule, Method method, String sentence) {
        this.rule = rule;
        this.method = method;
        this.sentence = sentence;
    }

    Rule rule() {
        return rule;
    }

    String id() {
        return rule.id();
    }

    String sentence() {
        return sentence;
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
        return rule.id() + " " + sentence;
    }
}
