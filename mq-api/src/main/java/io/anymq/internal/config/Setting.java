package io.anymq.internal.config;

/** A value and where it was set, so that an error can point there. */
record Setting(String value, String origin) {
    /** Without the value, which may be a secret. */
    @Override
    public String toString() {
        return "set by " + origin;
    }
}
