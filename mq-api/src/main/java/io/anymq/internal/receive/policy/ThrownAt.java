package io.anymq.internal.receive.policy;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in an application an exception was thrown: class and method, without a line, so that it stays the same over
 * releases. Stateless.
 */
final class ThrownAt {
    private static final int MOST_CAUSES = 10;

    /** Not the application's. */
    private static final List<String> OTHERS = List.of(
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.",
            "io.anymq.internal.",
            "io.anymq.spring.",
            "kotlin.",
            "kotlinx.",
            "scala.",
            "groovy.",
            "org.codehaus.groovy.",
            "org.springframework.",
            "org.aopalliance.",
            "reactor.");

    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");

    private ThrownAt() {}

    /** The first frame of the application, of the failure or else of a cause; null if there is none. Throws nothing. */
    static @Nullable String of(Throwable failure) {
        try {
            Throwable one = failure;
            for (int i = 0; i < MOST_CAUSES && one != null; i++) {
                for (StackTraceElement frame : one.getStackTrace()) {
                    if (isOfApplication(frame.getClassName())) {
                        return frame.getClassName() + "." + method(frame.getMethodName());
                    }
                }
                one = one.getCause();
            }
            return null;
        } catch (Throwable e) {
            // an exception that cannot describe itself is no reason to keep its message from the dead letter
            return null;
        }
    }

    /** Generated classes, such as proxies, have {@code $$} in their names. */
    private static boolean isOfApplication(String className) {
        return !className.contains("$$") && OTHERS.stream().noneMatch(className::startsWith);
    }

    /** The numbers of lambdas change with the code around them. */
    private static String method(String name) {
        Matcher lambda = LAMBDA.matcher(name);
        return lambda.matches() ? lambda.group(1) : name;
    }
}
