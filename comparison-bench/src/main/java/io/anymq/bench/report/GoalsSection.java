package io.anymq.bench.report;

import io.anymq.bench.result.Goal;
import io.anymq.bench.result.Results;
import java.util.Locale;

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
        out.head("Broker", "Goal", "Measured", "Result");
        for (Goal goal : results.goals()) {
            out.raw("<tr>")
                    .element("th scope=\"row\"", goal.broker())
                    .element("td", goal.goal())
                    .element("td class=\"why\"", goal.measured())
                    .raw("<td>")
                    .element("span class=\"status " + goal.status().name().toLowerCase(Locale.ROOT) + "\"", word(goal))
                    .raw("</td></tr>");
        }
        out.foot();
    }

    static String word(Goal goal) {
        return goal.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
