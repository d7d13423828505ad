package io.anymq.kafka;

/** Texts by which errors of the Kafka client are recognized. {@code ServerTextsTest} asks a real client for each. */
enum ServerTexts {
    /**
     * Opening a client fails with a configuration error when no address in {@code bootstrap.servers} has an IP address.
     */
    UNKNOWN_HOSTS("No resolvable bootstrap urls");

    private final String text;

    ServerTexts(String text) {
        this.text = text;
    }

    boolean isIn(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains(text);
    }
}
