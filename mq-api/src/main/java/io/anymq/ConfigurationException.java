package io.anymq;

import java.util.List;

/** Everything that is wrong with the configuration, reported at once. */
@API(API.Status.STABLE)
public final class ConfigurationException extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    /** The problems found, each a sentence that names the key, where it was set and the legal values. */
    public ConfigurationException(List<String> problems) {
        super(ErrorCode.CONFIGURATION, describe(problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence per mistake, in the order of the keys. */
    public List<String> problems() {
        return problems;
    }

    private static String describe(List<String> problems) {
        return problems.size() == 1
                ? "configuration: " + problems.get(0)
                : problems.size() + " mistakes in the configuration:\n  - " + String.join("\n  - ", problems);
    }
}
