package io.anymq.bench.report;

/**
 * A question in plain words and what came out.
 *
 * @param topic the section that it belongs to
 * @param about the broker's name; empty where it is about all of them
 * @param broker whom it is about, for people
 * @param question what was asked
 * @param answer what came out
 * @param certainty how sure that is
 * @param tone whether it is good news
 */
record Answer(String topic, String about, String broker, String question, String answer, String certainty, Tone tone) {
    /** Whether it is good news. */
    enum Tone {
        GOOD,
        BAD,
        NEUTRAL
    }
}
