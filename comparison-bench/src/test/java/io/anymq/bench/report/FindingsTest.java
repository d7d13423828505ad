package io.anymq.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.Texts;
import io.anymq.bench.theory.Demonstration;
import io.anymq.bench.theory.Demonstrations;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final Pattern VARIANT = Pattern.compile("\\{([^|}]+)\\|");

    private final List<RunResult> runs = Runs.withFindings(SyntheticResults.withDemonstrations(), "key-order");

    @Test
    void answersAreFilledIn() {
        assertThat(Findings.sentence(
                        List.of(
                                "Out of order were {unordered|messages out of order}.",
                                "With it {per key|messages out of order}.",
                                "Left out: {per key|never counted}."),
                        runs))
                .isEqualTo("Out of order were 21. With it none.");
    }

    @Test
    void withoutAnAnswerTheFindingsAreListed() {
        assertThat(Findings.sentence(List.of("Left out: {per key|never counted}."), runs))
                .isEqualTo("Messages out of order – unordered: 21; per key: 0.");
    }

    @Test
    void answersSpeakOfVariantsThatThereAre() {
        for (Demonstration demonstration : Demonstrations.all()) {
            assertThat(Texts.list(demonstration.name() + ".answer")).isNotEmpty();
            for (String answer : Texts.list(demonstration.name() + ".answer")) {
                Matcher variant = VARIANT.matcher(answer);
                assertThat(variant.find()).as(answer).isTrue();
                do {
                    assertThat(demonstration.variants()).as(answer).contains(variant.group(1));
                } while (variant.find());
            }
        }
    }
}
