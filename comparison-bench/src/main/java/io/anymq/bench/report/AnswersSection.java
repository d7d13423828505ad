package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import java.util.Locale;

/** The headlines. */
final class AnswersSection implements Section {
    @Override
    public String id() {
        return "answers";
    }

    @Override
    public String title() {
        return "What came out";
    }

    @Override
    public void write(Html out, Results results) {
        if (results.plan().interrupted()) {
            out.raw("<p class=\"notice\">")
                    .text("This comparison was interrupted: " + results.runs().size() + " of "
                            + results.plan().plannedRuns() + " runs were made.")
                    .raw("</p>");
        }
        out.raw("<div class=\"answers\">");
        for (Answer answer : Answers.of(results)) {
            out.raw("<article class=\"answer " + answer.tone().name().toLowerCase(Locale.ROOT) + "\">")
                    .element("p class=\"who\"", answer.broker())
                    .element("h3", answer.question())
                    .element("p", answer.answer())
                    .element("p class=\"sure\"", answer.certainty())
                    .raw("</article>");
        }
        out.raw("</div>");
    }
}
