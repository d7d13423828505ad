package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import java.util.List;
import java.util.Locale;

/** Answers where their evidence is: what was asked, what came out, how sure that is. Stateless. */
final class Captions {
    private Captions() {}

    /** Those of a section about one broker, or about all of them where {@code broker} is empty. */
    static void write(Html out, Results results, String topic, String broker) {
        write(out, results, topic, broker, false);
    }

    /** As above; {@code named} where no heading says which broker it is. */
    static void write(Html out, Results results, String topic, String broker, boolean named) {
        List<Answer> answers = Answers.of(results).stream()
                .filter(answer -> answer.topic().equals(topic) && answer.about().equals(broker))
                .toList();
        for (Answer answer : answers) {
            out.raw("<div class=\"caption " + tone(answer) + "\">")
                    .element("p class=\"asked\"", (named ? answer.broker() + ": " : "") + answer.question())
                    .element("p", answer.answer())
                    .element("p class=\"sure\"", answer.certainty())
                    .raw("</div>");
        }
    }

    static String tone(Answer answer) {
        return answer.tone().name().toLowerCase(Locale.ROOT);
    }

    /** The heading of a broker within a section, which links may lead to. */
    static void heading(Html out, String topic, String broker, String title) {
        out.raw("<h3 id=\"" + anchor(topic, broker) + "\">").text(title).raw("</h3>");
    }

    static String anchor(String topic, String broker) {
        return topic + "-" + Html.escape(broker);
    }
}
