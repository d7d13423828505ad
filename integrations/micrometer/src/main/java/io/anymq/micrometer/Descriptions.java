package io.anymq.micrometer;

/** What a registry says about each meter. */
final class Descriptions {
    private Descriptions() {}

    static String of(AnymqMeterDocumentation meter) {
        return switch (meter) {
            case SEND -> "Duration of sends";
            case PRODUCER_IN_FLIGHT -> "Sends that wait for their confirm";
            case BLOCKED_KEYS -> "Keys whose sends are refused because one failed";
            case ATTEMPT -> "Duration of attempts of handlers";
            case RETRIES -> "Failed attempts after which another was planned";
            case DEAD_LETTERS -> "Messages confirmed at their dead-letter queue";
            case DISCARDED -> "Messages given up and dropped";
            case DUPLICATES -> "Duplicates whose handler was not called";
            case SETTLED -> "Messages settled at the broker";
            case REDRIVEN -> "Dead letters sent back to where they failed";
            case IN_FLIGHT -> "Messages taken from the broker and not settled";
            case WINDOW -> "Messages that can be handled now and are held at most";
            case BLOCKED -> "Messages behind a retry of their key";
            case PARKED_KEYS -> "Keys whose messages go straight to the dead letter";
            case HEALTH -> "2 for UP, 1 for DEGRADED, 0 for DOWN";
            case BACKLOG_AGE -> "Age of the message whose first attempt began last, while messages are in flight";
        };
    }
}
