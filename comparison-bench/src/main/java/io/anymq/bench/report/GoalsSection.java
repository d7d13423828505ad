package io.anymq.bench.report;

import io.anymq.bench.result.Goal;
import io.anymq.bench.result.Results;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Goals: met, missed or not measured. */
final class GoalsSection implements Section {
    @Override
    public String id() {
        return "goals";
    }

    @Override
    public String title() {
        return "Goals";
    }

    @Override
    public void write(Html out, Results results) {
        out.raw("<p>")
                .text(
                        "Judged by the unfavourable end of the interval. A goal with too few pairs counts as not measured.")
                .raw("</p>");
        Map<String, List<Goal>> byBroker = results.goals().stream()
                .collect(Collectors.groupingBy(Goal::broker, LinkedHashMap::new, Collectors.toList()));
        byBroker.forEach((broker, goals) -> {
            out.element("h3", Format.title(results, broker));
            out.element("p class=\"muted\"", counts(goals));
            out.raw("<div class=\"goals\">");
            out.head("Goal", "Result", "Measured");
            for (Goal goal : goals) {
                out.raw("<tr>")
                        .element("th scope=\"row\"", goal.goal())
                        .raw("<td>")
                        .element(
                                "span class=\"status " + goal.status().name().toLowerCase(Locale.ROOT) + "\"",
                                word(goal))
                        .raw("</td>")
                        .element("td class=\"why\"", goal.measured())
                        .raw("</tr>");
            }
            out.foot();
            out.raw("</div>");
        });
    }

    /** Such as "11 met, 1 missed, 4 not measured". */
    private static String counts(List<Goal> goals) {
        return Stream.of(Goal.Status.values())
                .map(status ->
                        goals.stream().filter(goal -> goal.status() == status).toList())
                .filter(alike -> !alike.isEmpty())
                .map(alike -> alike.size() + " " + word(alike.get(0)))
                .collect(Collectors.joining(", "));
    }

    static String word(Goal goal) {
        return goal.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
