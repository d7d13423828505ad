package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Texts;
import java.util.ArrayList;
import java.util.List;

/** Choose a broker when …: what its figures speak for, and all of them side by side, each a link to its evidence. */
final class ChoiceSection {
    private ChoiceSection() {}

    static void write(Html out, Results results) {
        if (results.plan().interrupted()) {
            out.element(
                    "p class=\"notice\"",
                    Texts.of(
                            "choice.interrupted",
                            results.plan().plannedRuns(),
                            results.runs().size()));
        }
        List<String> others = new ArrayList<>();
        out.raw("<ul class=\"choice\">");
        Runs.available(results).forEach(broker -> {
            List<Choice> ahead = Choice.ALL.stream()
                    .filter(choice -> broker.equals(choice.best(results)))
                    .toList();
            if (Runs.isEmbedded(broker)) {
                out.raw("<li>").element("strong", broker.title()).text(" " + Texts.of("choice.embedded"));
                out.raw("</li>");
            } else if (ahead.isEmpty()) {
                others.add(broker.title());
            } else {
                ahead(out, broker, ahead);
            }
        });
        if (!others.isEmpty()) {
            boolean smoke = results.plan().profile().equals("smoke");
            out.raw("<li>")
                    .element("strong", String.join(", ", others))
                    .text(Texts.of(smoke ? "choice.smoke" : "choice.none"))
                    .raw("</li>");
        }
        out.raw("</ul>");
        table(out, results);
        out.note("choice.note", Choice.AHEAD);
        answers(out, results);
    }

    private static void ahead(Html out, BrokerInfo broker, List<Choice> ahead) {
        out.raw("<li>").element("strong", broker.title()).text(" when ");
        for (int i = 0; i < ahead.size(); i++) {
            out.text(i == 0 ? "" : i == ahead.size() - 1 ? ", or " : ", ")
                    .link(ahead.get(i).evidence(broker.name()), ahead.get(i).when());
        }
        out.text(".").raw("</li>");
    }

    private static void table(Html out, Results results) {
        Table<BrokerInfo> table = new Table<BrokerInfo>()
                .name("Broker", broker -> broker.title() + (broker.available() ? "" : " (not measured)"));
        for (Choice choice : Choice.ALL) {
            table.markup(choice.column(), true, (cell, broker) -> {
                Double value = choice.of(results, broker.name());
                if (value == null) {
                    cell.text(Format.NONE);
                } else {
                    cell.link(choice.evidence(broker.name()), choice.format().apply(value));
                }
            });
        }
        table.write(out, results.brokers());
    }

    /** Caveats that a reader must know before trusting any figure. */
    private static void answers(Html out, Results results) {
        out.raw("<div class=\"answers\">");
        for (Answers.Answer answer : Answers.of(results)) {
            if (answer.isHeadline()) {
                out.raw("<article class=\"answer " + answer.tone() + "\">")
                        .element("p class=\"who\"", answer.broker())
                        .element("h3", answer.question())
                        .element("p", answer.answer())
                        .element("p class=\"sure\"", answer.certainty())
                        .raw("</article>");
            }
        }
        out.raw("</div>");
    }
}
