package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import java.util.List;

/** What must not be read into the figures. */
final class LimitsSection implements Section {
    private static final List<String> LIMITS = List.of(
            "One node of each broker: no replication, which is what most of them are built for.",
            "Loopback: no network between client and broker, so batching and round trips look better than they will.",
            "Sender, handlers, ledger and, for brokers with a process, the broker share the same processors. A client"
                    + " that uses less CPU leaves more to its broker, here more than elsewhere.",
            "Outside the demonstrations handlers do nothing, keys are drawn uniformly from 1,000, bodies are 1 KiB of half random bytes.",
            "The body's making, the ledger and the histograms cost the same in every arm; they flatten ratios between"
                    + " very fast arms.",
            "Faults are injected by the failover scenario only: one kill of the one node, and a restart at once.",
            "Absolute figures are those of this machine on that day. Only ratios within one report bear comparison.");

    @Override
    public String id() {
        return "limits";
    }

    @Override
    public String title() {
        return "Limits";
    }

    @Override
    public void write(Html out, Results results) {
        out.raw("<div class=\"limits\">")
                .element("p", "What these figures cannot tell, and what bends them:")
                .raw("<ul>");
        out.element(
                "li",
                results.environment().processors() + " processors, "
                        + results.environment().virtualization() + ": what else runs on the host shows as noise.");
        LIMITS.forEach(limit -> out.element("li", limit));
        out.raw("</ul></div>");
    }
}
