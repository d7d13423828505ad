package io.anymq.tck;

/** Thrown by a rule that finds nothing to judge at this broker. */
final class NotApplicable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    NotApplicable(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
