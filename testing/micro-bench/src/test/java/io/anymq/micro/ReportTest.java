package io.anymq.micro;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.micro.peer.PeerKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReportTest {
    /** The goal's ratio is 0.25. */
    private static final Goal GOAL = new Goal(PeerKind.ANYMQ, PeerKind.ARRAY_BLOCKING_QUEUE, 0.25);

    @Test
    void theUnfavourableEndOfBothIntervalsCounts() {
        Estimate reached = GOAL.reached(Map.of(
                PeerKind.ANYMQ, new Estimate(300, 280, 320),
                PeerKind.ARRAY_BLOCKING_QUEUE, new Estimate(1_000, 900, 1_150)));

        assertThat(reached).isEqualTo(new Estimate(0.3, 280 / 1_150.0, 320 / 900.0));
        assertThat(GOAL.isMet(reached)).isFalse();
        assertThat(GOAL.isMet(new Estimate(0.3, 0.25, 0.4))).isTrue();
    }

    @Test
    void aGoalWithoutItsReferenceIsNotJudged() {
        assertThat(GOAL.reached(Map.of(PeerKind.ANYMQ, new Estimate(300, 280, 320))))
                .isNull();
    }

    @Test
    void aVoidFigureSaysWhyAndIsNoFigure() {
        Figure figure = new Figure(Item.all().get(0));
        figure.fail("3 of 20000 messages did not arrive");

        assertThat(figure.throughput()).isNull();
        assertThat(Report.of(List.of(figure), "somewhere"))
                .contains("| AnyMQ in-memory | void: 3 of 20000 messages did not arrive | | |")
                .contains("not measured");
    }

    @Test
    void onlyWhatIsObservedHasAPrice() {
        assertThat(PeerKind.OBSERVED).doesNotContain(PeerKind.ANYMQ).hasSize(3);
        assertThat(Report.of(List.of(new Figure(Item.all().get(0))), "somewhere"))
                .doesNotContain("The price of observation");
    }

    @Test
    void whatMeasuresNothingWritesAnEmptyReportAndSaysSo(@TempDir Path folder) throws Exception {
        int code = Main.commandLine().execute("--only", "no such title", "--out", folder.toString());

        assertThat(code).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("micro.json")).strip()).isIn("[", "[]", "[\n]");
    }

    @Test
    void helpAndWrongUsage() {
        StringWriter help = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(help)).setErr(new PrintWriter(help));

        assertThat(line.execute("--help")).isZero();
        assertThat(help.toString()).contains("--profile", "--only");
        assertThat(line.execute("--profile", "endless")).isEqualTo(64);
    }
}
