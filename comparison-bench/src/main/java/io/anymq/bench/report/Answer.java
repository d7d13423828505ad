package io.anymq.bench.report;

/**
 * A question in plain words and what came out.
 *
 * @param broker whom it is about, for people
 * @param question what was asked
 * @param answer what came out
 * @param certainty how sure that is
 * @param tone whether it is good news
 */
record Answer(String broker, String question, String answer, String certainty, Tone tone) {
    /** Whether it is good news. */
    enum Tone {
        GOOD,
        BAD,
        NEUTRAL
    }
}
