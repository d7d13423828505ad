package io.anymq.internal.config;

/** A value and where it was set, so that an error can point there. */
public record Setting(String value, String origin) {
    /** The origin of the parameters of {@code anymq.url}. */
    static final String URL = "anymq.url";

    /** The origin of what a program sets itself. */
    public static final String CODE = "code";

    /** Whether its key can be shown in any case: the key of a line may be the second line of a secret. */
    boolean isFromCode() {
        return origin.equals(CODE);
    }

    /** Whether it is a parameter of the URL; an unknown one may be a password with a question mark. */
    boolean isFromUrl() {
        return origin.equals(URL);
    }

    /** Without the value, which may be a secret. */
    @Override
    public String toString() {
        return "set by " + origin;
    }
}
