package io.anymq.brokers;

/**
 * Prints the few lines that a person waiting for a test must see. A logger would hide them wherever the tests have none
 * configured.
 */
final class Console {
    private Console() {}

    static void line(String text) {
        System.err.println("[local-brokers] " + text);
    }
}
