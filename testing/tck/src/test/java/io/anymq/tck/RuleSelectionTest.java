package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RuleSelectionTest {
    private static final List<RuleCase> RULES = RuleBook.cases(Specification.load());

    private static List<String> selected(String text) {
        RuleSelection selection = RuleSelection.parse(text, RULES);
        return RULES.stream().filter(selection).map(RuleCase::id).toList();
    }

    @Test
    void aNumberSelectsOneRule() {
        assertThat(selected("SND-1")).containsExactly("SND-1");
        assertThat(selected(" SND-1 , DLQ-1,")).containsExactlyInAnyOrder("SND-1", "DLQ-1");
    }

    @Test
    void aGroupSelectsAllItsRules() {
        assertThat(selected("SND")).contains("SND-1", "SND-10").allMatch(rule -> rule.startsWith("SND-"));
    }

    @Test
    void nothingSelectsWhatAnAdapterHasAPartIn() {
        assertThat(selected(""))
                .contains("SND-1", "CHN-1")
                .doesNotContain("CHN-2", "CFG-5")
                .hasSizeGreaterThan(RULES.size() / 2);
    }

    @Test
    void whatIsLeftOutForTheEngineIsKnown() {
        RuleSelection usual = RuleSelection.parse("", RULES);
        assertThat(RULES).allMatch(rule -> usual.test(rule) != usual.leavesToTheEngine(rule));
        RuleSelection one = RuleSelection.parse("SND-1", RULES);
        assertThat(RULES).noneMatch(one::leavesToTheEngine);
    }

    @Test
    void allSelectsTheRulesOfTheEngineToo() {
        assertThat(selected("ALL"))
                .isEqualTo(RULES.stream().map(RuleCase::id).toList())
                .isEqualTo(selected("ORD,ALL"));
    }

    @Test
    void aNamedRuleOfTheEngineIsRun() {
        assertThat(selected("CHN-2")).containsExactly("CHN-2");
        assertThat(selected("CHN")).contains("CHN-1", "CHN-2");
    }

    @Test
    void whatSelectsNothingIsRefused() {
        for (String wrong : List.of("SND-", "SND-999", "snd", "S", "SND-1;DLQ")) {
            assertThatThrownBy(() -> selected("ORD," + wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + wrong + "' is neither a rule nor a group");
        }
    }
}
