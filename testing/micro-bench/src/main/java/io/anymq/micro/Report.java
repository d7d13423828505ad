package io.anymq.micro;

import io.anymq.micro.peer.PeerKind;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures as Markdown: peers with their guarantees, goals, parts of the engine. Stateless. */
final class Report {
    private Report() {}

    static String of(Collection<Figure> figures, String circumstances) {
        StringBuilder out = new StringBuilder();
        out.append("# Micro-benchmarks\n\n").append(circumstances).append("\n\n");
        List<Figure> peers =
                figures.stream().filter(each -> each.item().peer() != null).toList();
        List<Figure> parts =
                figures.stream().filter(each -> each.item().peer() == null).toList();
        if (!peers.isEmpty()) {
            out.append("## One message: send, handle, settle\n\n")
                    .append("Bodies of 1 KiB, each in a new array; 1,000 messages in flight; one sender. Every"
                            + " message was")
                    .append(" counted; a lost, repeated or overtaking message makes the figure void.\n\n");
            table(peers, out);
            promises(peers, out);
            goals(peers, out);
            prices(peers, out);
        }
        if (!parts.isEmpty()) {
            out.append("## Parts of the engine\n\n");
            table(parts, out);
        }
        out.append("Intervals are 99.9 % (Student's t over the iterations of all JVMs). Bytes are those of all threads,"
                + " sender and body included.\n");
        return out.toString();
    }

    private static void table(List<Figure> figures, StringBuilder out) {
        out.append("| | operations/s | interval | allocated |\n|---|--:|--:|--:|\n");
        for (Figure figure : figures) {
            out.append("| ").append(figure.item().title()).append(" | ");
            Estimate throughput = figure.throughput();
            if (throughput == null) {
                String flaw = figure.flaw();
                out.append(flaw == null ? "not measured" : "void: " + flaw.replace('|', '/'))
                        .append(" | | |\n");
            } else {
                out.append(String.format(
                        Locale.ROOT,
                        "%,.0f | %,.0f – %,.0f | %s |%n",
                        throughput.value(),
                        throughput.low(),
                        throughput.high(),
                        bytes(figure.allocatedBytes())));
            }
        }
        out.append('\n');
    }

    private static String bytes(double allocated) {
        return Double.isNaN(allocated) ? "unknown" : String.format(Locale.ROOT, "%,.0f B", allocated);
    }

    private static void promises(List<Figure> peers, StringBuilder out) {
        out.append("The guarantees of each as used here:\n\n")
                .append("| | confirms to the sender | redelivered if the handler fails | handlers and order | bounded |"
                        + " copies the body |\n|---|---|---|---|---|---|\n");
        for (Figure figure : peers) {
            PeerKind peer = figure.item().peer();
            if (peer != null) {
                PeerKind.Promises promises = peer.promises();
                out.append("| ").append(peer.title());
                for (String promise : List.of(
                        promises.confirm(), promises.ack(), promises.order(), promises.bounded(), promises.copies())) {
                    out.append(" | ").append(promise);
                }
                out.append(" |\n");
            }
        }
        out.append('\n');
    }

    private static void goals(List<Figure> peers, StringBuilder out) {
        Map<PeerKind, Estimate> throughputs = throughputs(peers);
        out.append("## Goals\n\nThe lower end of the interval counts.\n\n| | goal | reached | interval |"
                + " |\n|---|--:|--:|--:|---|\n");
        for (Goal goal : Goal.ALL) {
            Estimate reached = goal.reached(throughputs);
            out.append("| ")
                    .append(title(goal))
                    .append(" | ")
                    .append(number(goal, goal.target(), "≥ "))
                    .append(" | ");
            if (reached == null) {
                out.append("| | not measured |\n");
            } else {
                out.append(number(goal, reached.value(), ""))
                        .append(" | ")
                        .append(number(goal, reached.low(), ""))
                        .append(" – ")
                        .append(number(goal, reached.high(), ""))
                        .append(goal.isMet(reached) ? " | met |\n" : " | **missed** |\n");
            }
        }
        out.append('\n');
    }

    /** What metrics and traces leave of the throughput without them. */
    private static void prices(List<Figure> peers, StringBuilder out) {
        Map<PeerKind, Estimate> throughputs = throughputs(peers);
        Estimate without = throughputs.get(PeerKind.ANYMQ);
        StringBuilder rows = new StringBuilder();
        for (PeerKind peer : PeerKind.OBSERVED) {
            Estimate with = throughputs.get(peer);
            if (without != null && with != null) {
                Estimate left = with.over(without);
                rows.append(String.format(
                        Locale.ROOT,
                        "| %s | %.2f × | %.2f × – %.2f × |%n",
                        peer.title(),
                        left.value(),
                        left.low(),
                        left.high()));
            }
        }
        if (!rows.isEmpty()) {
            out.append("## The price of observation\n\nThe throughput over that of AnyMQ in-memory without it.\n\n")
                    .append("| | left | interval |\n|---|--:|--:|\n")
                    .append(rows)
                    .append('\n');
        }
    }

    /** Whether a goal was measured and missed. */
    static boolean missesAGoal(Collection<Figure> figures) {
        Map<PeerKind, Estimate> throughputs = throughputs(figures);
        for (Goal goal : Goal.ALL) {
            Estimate reached = goal.reached(throughputs);
            if (reached != null && !goal.isMet(reached)) {
                return true;
            }
        }
        return false;
    }

    private static Map<PeerKind, Estimate> throughputs(Collection<Figure> figures) {
        Map<PeerKind, Estimate> throughputs = new EnumMap<>(PeerKind.class);
        for (Figure figure : figures) {
            PeerKind peer = figure.item().peer();
            Estimate throughput = figure.throughput();
            if (peer != null && throughput != null) {
                throughputs.put(peer, throughput);
            }
        }
        return throughputs;
    }

    private static String title(Goal goal) {
        PeerKind reference = goal.reference();
        return goal.measured().title() + (reference == null ? ", messages/s" : " over " + reference.title());
    }

    private static String number(Goal goal, double value, String before) {
        return before
                + (goal.reference() == null
                        ? String.format(Locale.ROOT, "%,.0f", value)
                        : String.format(Locale.ROOT, "%.2f ×", value));
    }
}
