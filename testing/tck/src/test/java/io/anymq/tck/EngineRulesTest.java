package io.anymq.tck;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Rules that no flaw of an adapter breaks are worth as much as the unit test that a defect of the engine fails beside
 * them.
 */
class EngineRulesTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "tck.md");
    private static final Path UNIT_TESTS = Path.of("../../mq-api/src/test/java/io/anymq");

    /** An adapter takes part in it, but the embedded broker's cannot break it: its broker can hold any name. */
    private static final String OF_THE_ADAPTER = "NAM-6";

    private static final Map<String, String> TESTS = Map.ofEntries(
            entry("CFG-10", "internal/config/ConfigModulesTest#aModuleThatThrowsOrReturnsNullIsNamedWithTheCure"),
            entry("CFG-11", "internal/config/ConfigMistakesTest#aMissingAdapterIsToldHowToGet"),
            entry("CFG-3", "internal/config/ConfigMistakesTest#allMistakesAreToldAtOnceEachWithItsOrigin"),
            entry("CFG-5", "internal/config/ClientConfigTest#codeWinsOverSystemOverEnvironmentOverFile"),
            entry("CFG-6", "internal/config/ClientConfigTest#otherVendorsKeysAreIgnoredButNotOnesOwnMistakes"),
            entry(
                    "CFG-9",
                    "internal/config/ConfigModulesTest#aModulesMistakesAreToldWithAllOthersAndNameTheNearestKey"),
            entry("CHN-2", "internal/receive/policy/HandlerLayersTest#theOutputsOfAFailedAttemptAreNotSent"),
            entry("CHN-5", "internal/receive/policy/HandlerLayersTest#whatIsEmittedAfterTheHandlerIsRefused"),
            entry("DLQ-3", "internal/receive/policy/DeadLetterLayerTest#detailsAreWrittenOnRequestOnly"),
            entry("DLQ-5", "internal/receive/policy/RetryLayerTest#permanentFailuresAreNotTriedAgain"),
            entry(
                    "DLQ-7",
                    "internal/receive/policy/DeadLetterLayerTest#whatFollowsAParkedKeyMeetsNoHandlerUntilTheKeyIsResumed"),
            entry("DLY-3", "internal/send/ProducerTest#aDelayNeedsADestinationWithoutOrderOrAMessageWithoutKey"),
            entry("DSK-10", "internal/receive/redelivery/DeskTest#whoActsAndWhyIsTold"),
            entry("DSK-9", "internal/receive/redelivery/DeskTest#theRateBoundsTheLettersOfASecond"),
            entry("FLW-3", "internal/receive/keys/RateLimiterTest#neverMoreThanTheRateAndATenthOfASecond"),
            entry("HKS-2", "internal/receive/policy/DeadLetterLayerTest#whatIsDiscardedIsSettledAndKeptNowhere"),
            entry("HKS-4", "internal/InterceptorsTest#aBatchIsSurroundedOnceAndEachOfItsMessagesWhenItIsRepeated"),
            entry(
                    "HKS-5",
                    "internal/InterceptorsTest#whatIsThrownAfterTheHandlerFailsTheAttemptAndItsOutputsAreNotSent"),
            entry("HKS-6", "internal/InterceptorsTest#aSendThatAnInterceptorDoesNotPassOnIsRejectedAndNamesIt"),
            entry(
                    "HKS-9",
                    "internal/ForwardInterceptorsTest#deadLettersAndRedrivesAreSurroundedAndCarryTheHeadersThatWereAdded"),
            entry("HLT-3", "internal/receive/ReceiveLoopTest#aPausedConsumerHandlesNothingAndKeepsItsMembership"),
            entry("HLT-5", "internal/support/ObserversTest#whateverOneObserverThrowsTheOthersAreTold"),
            entry("HLT-8", "internal/send/ConfirmWatchTest#sendsThatNothingConfirmsMakeItDegraded"),
            entry("IDM-2", "internal/receive/policy/IdempotencyLayerTest#aMessageThatFailsIsNotDone"),
            entry("IDM-8", "internal/receive/policy/IdempotencyLayerTest#subscriptionsDoNotShareClaims"),
            entry("LIF-11", "internal/ClosedClientTest#allThatItMadeIsClosedWithIt"),
            entry("LIF-15", "internal/receive/policy/DeadLetterLayerTest#stopKeepsTheMessageAndEndsTheConsumer"),
            entry("LIF-7", "internal/ClosedClientTest#whatIsUsedAfterwardsIsRefusedAsClosed"),
            entry("LIM-11", "MessageTest#delaysAreBounded"),
            entry("LIM-2", "MessageTest#headerNamesArePrintableAsciiAndNotReserved"),
            entry("LIM-7", "MessageTest#keysAndIdsTakeAnyUnicodeButNoHalfOfAPair"),
            entry("NAM-6", "internal/config/ConfigMistakesTest#theAdapterJudgesPhysicalNames"),
            entry("ORD-12", "internal/send/SendingTest#totalOrderIsBlockedAsAWholeAndNoOrderNever"),
            entry("ORD-8", "internal/send/ProducerTest#aFailureBlocksItsKeyAloneAndResumingOneFreesThatOneAlone"),
            entry(
                    "RTY-12",
                    "internal/receive/policy/HandlerLayersTest#anAsynchronousHandlerThatThrowsOrReturnsNothingHasFailed"),
            entry("SND-11", "internal/send/SendingTest#withoutAConfirmASendEndsAsUnknown"));

    private static Path unitTest(String test) {
        return UNIT_TESTS.resolve(test.substring(0, test.indexOf('#')) + ".java");
    }

    @Test
    void eachHasAUnitTest() {
        assertThat(TESTS.keySet())
                .containsExactlyInAnyOrderElementsOf(RuleBook.cases(Specification.load()).stream()
                        .filter(rule -> rule.isEngineRule() || rule.id().equals(OF_THE_ADAPTER))
                        .map(RuleCase::id)
                        .toList());
        assertThat(TESTS.values())
                .allSatisfy(test -> assertThat(unitTest(test)).content().contains(" void " + test.split("#")[1] + "("));
    }

    /** {@code -Dtck.write=true} writes the table at the end of docs/tck.md instead of comparing it. */
    @Test
    void tableIsUpToDate() throws IOException {
        Map<String, String> sorted =
                new TreeMap<>(Comparator.comparing((String rule) -> rule.substring(0, rule.indexOf('-')))
                        .thenComparing(rule -> Integer.valueOf(rule.substring(rule.indexOf('-') + 1))));
        sorted.putAll(TESTS);
        String table = sorted.entrySet().stream()
                .map(rule -> "| " + rule.getKey() + " | `"
                        + rule.getValue().substring(rule.getValue().lastIndexOf('/') + 1) + "` |\n")
                .collect(Collectors.joining());
        String document = Files.readString(DOCUMENT);
        String before =
                document.substring(0, document.indexOf("|---|---|\n", document.indexOf("| Rule | Unit test |")));
        String now = before + "|---|---|\n" + table;
        if (Boolean.getBoolean("tck.write")) {
            Files.writeString(DOCUMENT, now);
        }
        assertThat(DOCUMENT).content().isEqualTo(now);
    }
}
