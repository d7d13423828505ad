package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RuleSelectionTest {
    private static final List<String> RULES =
            RuleBook.cases(Specification.load()).stream().map(RuleCase::id).toList();

    private static List<String> selected(String text) {
        RuleSelection selection = RuleSelection.parse(text, RULES);
        return RULES.stream().filter(selection).toList();
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
    void nothingSelectsAll() {
        assertThat(selected("")).isEqualTo(RULES);
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
