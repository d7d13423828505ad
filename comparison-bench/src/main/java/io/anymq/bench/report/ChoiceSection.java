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
        List<BrokerInfo> available =
                results.brokers().stream().filter(BrokerInfo::available).toList();
        out.raw("<ul class=\"choice\">");
        for (BrokerInfo broker : available) {
            out.raw("<li>").element("strong", broker.title()).raw(" ");
            List<Choice> ahead = new ArrayList<>();
            for (Choice choice : Choice.ALL) {
                if (broker.equals(choice.best(results))) {
                    ahead.add(choice);
                }
            }
            if ("embedded".equals(broker.via())) {
                out.text(
                        "when everything happens in one process and may end with it: tests, and work that can be begun anew.");
            } else if (ahead.isEmpty()) {
                out.text("– no figure of this comparison sets it apart from the others; what it promises may.");
            } else {
                out.text("when ");
                for (int i = 0; i < ahead.size(); i++) {
                    out.text(i == 0 ? "" : i == ahead.size() - 1 ? ", or " : ", ")
                            .raw("<a href=\"#" + ahead.get(i).evidence() + "\">")
                            .text(ahead.get(i).when())
                            .raw("</a>");
                }
                out.text(".");
            }
            out.raw("</li>");
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
    }

    private static void table(Html out, Results results) {
        List<String> head = new ArrayList<>(List.of("Broker"));
        for (Choice choice : Choice.ALL) {
            head.add("#" + choice.column());
        }
        head.add("A confirmed message");
        out.head(head.toArray(String[]::new));
        for (BrokerInfo broker : results.brokers()) {
            out.raw("<tr>").element("th scope=\"row\"", broker.title());
            for (Choice choice : Choice.ALL) {
                Double value = choice.of(results, broker.name());
                out.raw("<td class=\"n\">");
                if (value == null) {
                    out.text(Format.NONE);
                } else {
                    out.raw("<a href=\"#" + choice.evidence() + "\">")
                            .text(choice.text(value))
                            .raw("</a>");
                }
                out.raw("</td>");
            }
            out.element(
                            "td class=\"why\"",
                            broker.available() ? broker.guarantee() : "not measured: " + broker.reason())
                    .raw("</tr>");
        }
        out.foot();
    }
}
