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

    private final List<RunResult> runs = Runs.withFindings(SyntheticResults.full(), "key-order");

    @Test
    void answersAreFilledIn() {
        assertThat(Findings.sentence(
                        List.of(
                                "Out of order were {unordered|things that went wrong}.",
                                "With it {per key|things that went wrong}.",
                                "Left out: {per key|never counted}."),
                        runs))
                .isEqualTo("Out of order were 21. With it none.");
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
