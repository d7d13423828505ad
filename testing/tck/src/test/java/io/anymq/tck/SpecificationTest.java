package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.tck.flaw.Flaw;
import io.anymq.tck.store.StoreTck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The document and the kit belong together. */
class SpecificationTest {
    private final Specification specification = Specification.load();

    /** By the kit for adapters and by the one for stores. */
    private List<String> verified() {
        List<String> adapters =
                RuleBook.cases(specification).stream().map(RuleCase::id).toList();
        return specification.entries().stream()
                .flatMap(entry -> (entry.isForStores() ? StoreTck.ruleIds() : adapters)
                        .stream().filter(entry.id()::equals))
                .toList();
    }

    @Test
    void eachKitVerifiesItsOwnRules() {
        assertThat(RuleBook.cases(specification)).noneMatch(rule -> rule.id().startsWith("STO-"));
        assertThat(StoreTck.ruleIds()).isNotEmpty().allMatch(id -> id.startsWith("STO-"));
    }

    @Test
    void everyRuleIsVerifiedOrSaysWhyNot() {
        List<String> verified = verified();
        assertThat(verified).doesNotHaveDuplicates();
        assertThat(specification.entries()).allSatisfy(entry -> {
            if (entry.untestable() == null) {
                assertThat(verified).as(entry.id() + " is verified").contains(entry.id());
            } else {
                assertThat(verified)
                        .as(entry.id() + " is said not to be verified")
                        .doesNotContain(entry.id());
                assertThat(entry.untestable()).isNotBlank();
            }
        });
        assertThat(verified)
                .isEqualTo(specification.entries().stream()
                        .filter(entry -> entry.untestable() == null)
                        .map(Specification.Entry::id)
                        .toList());
    }

    @Test
    void everyRuleIsOneNormativeSentenceWithAnIntent() {
        assertThat(specification.entries()).hasSizeGreaterThan(45).allSatisfy(entry -> {
            assertThat(entry.sentence()).matches("[A-Z`].*\\b(MUST|SHOULD|MAY)\\b.*\\.");
            assertThat(entry.intent()).endsWith(".");
        });
    }

    @Test
    void everyRuleSaysWhereToLook() {
        assertThat(RuleBook.cases(specification))
                .allSatisfy(rule -> assertThat(rule.rule().check()).isNotBlank());
    }

    /** What tells an author where to look and what the document says agree. */
    @Test
    void engineRulesAreThoseWithNothingToLookForInTheAdapter() {
        assertThat(RuleBook.cases(specification)).allSatisfy(rule -> {
            String check = rule.rule().check();
            assertThat(rule.isEngineRule())
                    .as("%s is an engine rule; its check: %s", rule.id(), check)
                    .isEqualTo(check.equals("nothing in the adapter") || check.startsWith("nothing in the adapter: "));
        });
    }

    @Test
    void noFlawOfAnAdapterIsSaidToBreakAnEngineRule() {
        assertThat(Flaw.values())
                .noneMatch(
                        flaw -> specification.entry(flaw.rule()).orElseThrow().engineRule());
    }

    @Test
    void packedDocumentIsTheOneInTheRepository() throws Exception {
        Specification document = Specification.parse(Files.readString(Path.of("..", "..", "SPECIFICATION.md")));
        assertThat(document.entries()).containsExactlyElementsOf(specification.entries());
    }

    @Test
    void readsSentenceIntentAndReason() {
        Specification parsed =
                Specification.parse("# Title\n\n- **ABC-1** A thing MUST\n  hold.\n  *Intent:* because\n  of this.\n"
                        + "- **ABC-2** Another MUST.\n  *Intent:* i.\n  *Not verified:* too slow.\n"
                        + "- **ABC-3** A third MUST.\n  *Intent:* by the\n  engine.\n  *Engine rule.*\n");
        assertThat(parsed.entry("ABC-1"))
                .contains(new Specification.Entry("ABC-1", "A thing MUST hold.", "because of this.", null, false));
        assertThat(parsed.entry("ABC-2").orElseThrow().untestable()).isEqualTo("too slow.");
        assertThat(parsed.entry("ABC-3"))
                .contains(new Specification.Entry("ABC-3", "A third MUST.", "by the engine.", null, true));
    }

    @Test
    void refusesDoubleNumbersAndMissingIntents() {
        String rule = "- **ABC-1** It MUST.\n  *Intent:* i.\n";
        assertThatThrownBy(() -> Specification.parse(rule + rule)).hasMessageContaining("ABC-1 is used twice");
        assertThatThrownBy(() -> Specification.parse("- **ABC-1** It MUST.\n"))
                .hasMessageContaining("ABC-1 has no intent");
    }
}
