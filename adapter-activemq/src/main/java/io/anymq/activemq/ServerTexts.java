package io.anymq.activemq;

/**
 * Texts by which answers of ActiveMQ and Artemis are recognized. {@code ServerTextsIT} holds an answer of a real
 * server for each.
 */
enum ServerTexts {
    /** ActiveMQ quotes a delay that is no number: its scheduler is on and reads delays. */
    SCHEDULER_READS(SchedulerProbe.QUESTION),
    /** Artemis describes the address that it has just created. */
    ADDRESS_CREATED("[\"Address [");

    private final String text;

    ServerTexts(String text) {
        this.text = text;
    }

    boolean isIn(Throwable failure) {
        return isIn(String.valueOf(failure.getMessage()));
    }

    boolean isIn(String answer) {
        return answer.contains(text);
    }
}
