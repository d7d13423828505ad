package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a message costs in processor time, memory and disk, at full load. */
final class CostSection implements Section {
    @Override
    public String id() {
        return "cost";
    }

    @Override
    public String title() {
        return "Cost";
    }

    @Override
    public void write(Html out, Results results) {
        List<Row> rows = rows(results);
        if (rows.isEmpty()) {
            out.element("p", "No run with 1,000 messages under way counts, so nothing can be said about it.");
            return;
        }
        out.element(
                "p",
                "What does a message cost at full load, and who pays? Medians of the runs with 1,000 messages of 1 KiB under"
                        + " way. A microsecond of processor time for each message is a second for each million. The client's"
                        + " share holds what this benchmark itself does with each message, in both arms alike; the broker's is"
                        + " that of its process, and is missing where there is none.");
        out.raw("<div class=\"chart\" style=\"height:" + (rows.size() * 30 + 84)
                + "px\"><canvas role=\"img\" aria-label=\"Processor time per message of client and broker; the table below"
                + " holds the figures\" data-chart=\"cost\"></canvas></div>");
        out.head(
                "Broker",
                "Arm",
                "#Client CPU s per million",
                "#Broker CPU s per million",
                "#Client allocates B per msg",
                "#Broker writes B per msg",
                "#Client memory",
                "#Broker memory",
                "#Runs");
        String last = "";
        for (Row row : rows) {
            String anchor =
                    row.broker.name().equals(last) ? "" : " id=\"" + Captions.anchor(id(), row.broker.name()) + "\"";
            last = row.broker.name();
            out.raw("<tr" + anchor + ">")
                    .element("th scope=\"row\"", row.broker.title())
                    .element("td class=\"arm " + row.arm + "\"", row.arm)
                    .element("td class=\"n strong\"", Format.count(row.client()))
                    .element("td class=\"n strong\"", Format.count(row.server()))
                    .element("td class=\"n\"", Format.count(row.median(RunResult::allocatedBytesPerMessage)))
                    .element("td class=\"n\"", Format.count(row.median(CostSection::writtenPerMessage)))
                    .element("td class=\"n\"", bytes(row.median(run -> toDouble(run.residentBytes()))))
                    .element("td class=\"n\"", bytes(row.median(run -> toDouble(run.brokerResidentBytes()))))
                    .element("td class=\"n\"", "" + row.runs.size())
                    .raw("</tr>");
        }
        out.foot();
    }

    /** The counting runs of an arm at full load. */
    record Row(BrokerInfo broker, String arm, List<RunResult> runs) {
        @Nullable
        Double client() {
            return median(RunResult::cpuMicrosPerMessage);
        }

        @Nullable
        Double server() {
            return median(RunResult::brokerCpuMicrosPerMessage);
        }

        private @Nullable Double median(Function<RunResult, @Nullable Double> figure) {
            List<Double> values = new ArrayList<>();
            for (RunResult run : runs) {
                Double value = figure.apply(run);
                if (value != null) {
                    values.add(value);
                }
            }
            return values.isEmpty() ? null : (Double) Statistics.median(values);
        }
    }

    static List<Row> rows(Results results) {
        List<Row> rows = new ArrayList<>();
        for (BrokerInfo broker : results.brokers()) {
            List<RunResult> mine = results.runs().stream()
                    .filter(run -> run.broker().equals(broker.name()) && run.counts() && Loads.isFull(run))
                    .toList();
            for (String arm : new TreeSet<>(mine.stream().map(RunResult::arm).toList())) {
                rows.add(new Row(
                        broker,
                        arm,
                        mine.stream().filter(run -> run.arm().equals(arm)).toList()));
            }
        }
        return rows;
    }

    private static @Nullable Double writtenPerMessage(RunResult run) {
        Long written = run.brokerWrittenBytes();
        Double rate = run.messagesPerSecond();
        Double seconds = run.measuredSeconds();
        if (written == null || rate == null || seconds == null || rate * seconds < 1) {
            return null;
        }
        return written / (rate * seconds);
    }

    private static @Nullable Double toDouble(@Nullable Long value) {
        return value == null ? null : (Double) value.doubleValue();
    }

    private static String bytes(@Nullable Double value) {
        return Format.bytes(value == null ? null : (Long) Math.round(value));
    }
}
