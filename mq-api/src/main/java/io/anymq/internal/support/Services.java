package io.anymq.internal.support;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;

/** Loads what the class path provides, where single providers may be broken. */
public final class Services {
    /** An iterator that fails for the same reason each time ends here. */
    private static final int MAX_FAILURES = 20;

    private Services() {}

    /** All that can be loaded; adds a problem for each that cannot. {@code services} is the loader's iterator. */
    public static <S> List<S> load(Iterator<S> services, List<String> problems) {
        List<S> instances = new ArrayList<>();
        for (int failures = 0; failures < MAX_FAILURES; ) {
            try {
                if (!services.hasNext()) {
                    break;
                }
                instances.add(services.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                Throwable cause = e.getCause();
                problems.add(e.getMessage() + (cause == null ? "" : " (" + Failures.text(cause) + ")")
                        + "; correct the class or take its jar off the class path");
            }
        }
        return instances;
    }
}
