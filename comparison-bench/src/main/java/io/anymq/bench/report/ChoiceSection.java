package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Choose a broker when…: what its figures speak for, and all of them side by side, each a link to its evidence. */
final class ChoiceSection implements Section {
    @Override
    public String id() {
        return "choice";
    }

    @Override
    public String title() {
        return "Choose … when";
    }

    @Override
    public void write(Html out, Results results) {
        if (results.plan().interrupted()) {
            out.raw("<p class=\"notice\">")
                    .text("This comparison was interrupted: " + results.plan().plannedRuns() + " runs were planned, "
                            + results.runs().size() + " were made.")
                    .raw("</p>");
        }
        List<BrokerInfo> available =
                results.brokers().stream().filter(BrokerInfo::available).toList();
        List<String> others = new ArrayList<>();
        out.raw("<ul class=\"choice\">");
        for (BrokerInfo broker : available) {
            List<Choice> ahead = new ArrayList<>();
            for (Choice choice : Choice.ALL) {
                if (broker.equals(choice.best(results))) {
                    ahead.add(choice);
                }
            }
            boolean embedded = "embedded".equals(broker.via());
            if (ahead.isEmpty() && !embedded) {
                others.add(broker.title());
                continue;
            }
            out.raw("<li>").element("strong", broker.title()).raw(" ");
            if (embedded) {
                out.text(
                        "when everything happens in one process and may end with it: tests, and work that can be begun anew.");
            } else {
                out.text("when ");
                for (int i = 0; i < ahead.size(); i++) {
                    out.text(i == 0 ? "" : i == ahead.size() - 1 ? ", or " : ", ")
                            .raw("<a href=\"#" + ahead.get(i).evidence(broker.name()) + "\">")
                            .text(ahead.get(i).when())
                            .raw("</a>");
                }
                out.text(".");
            }
            out.raw("</li>");
        }
        if (!others.isEmpty()) {
            out.raw("<li>")
                    .element("strong", String.join(", ", others))
                    .text(
                            results.plan().profile().equals("smoke")
                                    ? ": this was a smoke test, whose runs of a second are no ground to choose by; the quick"
                                            + " and full profiles are."
                                    : ": no figure of this comparison sets them apart; what they promise may.")
                    .raw("</li>");
        }
        out.raw("</ul>");
        table(out, results);
        out.element(
                "p class=\"muted\"",
                String.format(
                        Locale.ROOT,
                        "Medians of the runs through AnyMQ that count; a figure leads to what it was made from, a dash was not"
                                + " measured. A broker with a process of its own is named where it is ahead of all others by a"
                                + " factor of %.2f or more: less is noise on a machine like this. One node, two or a few"
                                + " processors, loopback: see the limits.",
                        Choice.AHEAD));
        answers(out, results);
    }

    /** What has to be known before any figure is believed. */
    private static void answers(Html out, Results results) {
        out.raw("<div class=\"answers\">");
        for (Answer answer : Answers.of(results)) {
            if (answer.topic().equals("choice")) {
                out.raw("<article class=\"answer " + Captions.tone(answer) + "\">")
                        .element("p class=\"who\"", answer.broker())
                        .element("h3", answer.question())
                        .element("p", answer.answer())
                        .element("p class=\"sure\"", answer.certainty())
                        .raw("</article>");
            }
        }
        out.raw("</div>");
    }

    private static void table(Html out, Results results) {
        List<String> head = new ArrayList<>(List.of("Broker"));
        for (Choice choice : Choice.ALL) {
            head.add("#" + choice.column());
        }
        out.head(head.toArray(String[]::new));
        for (BrokerInfo broker : results.brokers()) {
            out.raw("<tr>").element("th scope=\"row\"", broker.title() + (broker.available() ? "" : " (not measured)"));
            for (Choice choice : Choice.ALL) {
                Double value = choice.of(results, broker.name());
                out.raw("<td class=\"n\">");
                if (value == null) {
                    out.text(Format.NONE);
                } else {
                    out.raw("<a href=\"#" + choice.evidence(broker.name()) + "\">")
                            .text(choice.text(value))
                            .raw("</a>");
                }
                out.raw("</td>");
            }
            out.raw("</tr>");
        }
        out.foot();
    }
}
