package io.anymq.tck.flaw;

import io.anymq.spi.BrokerConnection;
import java.util.function.UnaryOperator;

/** One defect of an adapter, and the rule that names it. */
@SuppressWarnings("ImmutableEnumChecker") // some decorators count
public enum Flaw {
    DROPS_EVERY_TENTH("SND-5", "confirms every tenth message without storing it", SendFlaws.dropsEveryTenth()),
    DUPLICATES("SUB-1", "stores every fifth message twice", SendFlaws.duplicates()),
    CONFIRMS_TOO_EARLY("SND-7", "confirms before the broker has answered", SendFlaws.confirmsTooEarly()),
    NEVER_CONFIRMS("SND-12", "stores every tenth message without ever reporting an outcome", SendFlaws.neverConfirms()),
    FAILURE_AS_CONFIRMED(
            "REC-5", "reports what was rejected or is unknown as confirmed", SendFlaws.failureAsConfirmed()),
    REPLACES_THE_ID("SND-4", "gives every message an id of its own", SendFlaws.replacesTheId()),
    LOSES_THE_KEY("SND-1", "stores messages without their key", SendFlaws.losesTheKey()),
    FORGETS_HEADERS("RTY-8", "stores messages without their headers", SendFlaws.forgetsHeaders()),
    FOLDS_HEADER_NAMES("LIM-8", "stores header names in lower case", SendFlaws.foldsHeaderNames()),
    FORGETS_THE_CONTENT_TYPE("DLQ-4", "sends everything as plain text", SendFlaws.forgetsTheContentType()),
    DROPS_CONTENT_TYPE_PARAMETERS(
            "HKS-8", "stores content types without their parameters", SendFlaws.dropsContentTypeParameters()),
    CORRUPTS_UNICODE("LIM-5", "encodes header values as ISO 8859-1", SendFlaws.corruptsUnicode()),
    DROPS_EMPTY_BODIES("LIM-6", "confirms messages without a body and drops them", SendFlaws.dropsEmptyBodies()),
    TRUNCATES_BODIES("LIM-4", "cuts bodies at 64 KiB", SendFlaws.truncatesBodies()),
    IGNORES_DELAY("DLY-1", "delivers delayed messages at once", SendFlaws.ignoresDelay()),
    OBEYS_HEADERS("LIM-13", "delays a message that has a header called x-delay", SendFlaws.obeysHeaders()),
    HOLDS_BEHIND_DELAYED(
            "DLY-4", "delays everything that is sent after a delayed message", SendFlaws.holdsBehindDelayed()),
    DROPS_DEAD_LETTERS("DLQ-1", "confirms dead letters and drops them", SendFlaws.dropsDeadLetters()),
    STRIPS_FAILURE_HEADERS("DLQ-2", "drops all headers with AnyMQ's prefix", SendFlaws.stripsFailureHeaders()),
    FORGETS_EARLIER_LETTERS(
            "DLQ-18", "drops headers with AnyMQ's prefix that it does not know", SendFlaws.forgetsEarlierLetters()),
    FORGETS_THE_REDRIVE("DLQ-21", "drops the header mq-redrive", SendFlaws.forgetsTheRedrive()),
    FORGETS_THE_FIRST_ATTEMPT("RTY-16", "drops the header mq-first-attempt-at", SendFlaws.forgetsTheFirstAttempt()),
    RENAMES_RETRIES("IDM-12", "gives what it stores for a retry an id of its own", SendFlaws.renamesRetries()),
    RENAMES_DEAD_LETTERS("HKS-1", "stores dead letters with an id of their own", SendFlaws.renamesDeadLetters()),
    KEEPS_OWN_HEADERS_ONLY("HKS-3", "stores no headers but AnyMQ's own", SendFlaws.keepsOwnHeadersOnly()),
    CALLS_EVERYTHING_BINARY(
            "HKS-7", "stores binary in place of any content type but text", SendFlaws.callsEverythingBinary()),
    REDELIVERS_TO_ALL(
            "DLQ-14", "sends what belongs to one subscription to the whole topic", SendFlaws.redeliversToAll()),

    CUTS_THE_TIME("SND-13", "stores times of sending in whole seconds", SendFlaws.cutsTheTime()),
    INVENTS_A_KEY("SND-13", "stores an empty key where there is none", SendFlaws.inventsAKey()),
    REPORTS_UNDER_A_LOCK(
            "SND-15", "reports outcomes while it holds the lock of its sends", SendFlaws.reportsUnderALock()),
    FORGETS_REPETITIONS(
            "SND-14", "confirms a message it had before without storing it", SendFlaws.forgetsRepetitions()),
    CALLS_FAILURES_PERMANENT(
            "ORD-14",
            "reports every failed send as one that repeating cannot cure",
            SendFlaws.callsFailuresPermanent()),
    FOLDS_KEYS("LIM-5", "stores keys in lower case", SendFlaws.foldsKeys()),
    ROUNDS_DELAY_DOWN("DLY-1", "rounds due times down to half a second", SendFlaws.roundsDelayDown()),

    REORDERS("ORD-1", "hands out what it received in reverse", ReceiveFlaws.reorders()),
    OVERLAPS_A_LANE("ORD-2", "gives one lane's messages to two receivers", ReceiveFlaws.overlapsALane()),
    ONE_AT_A_TIME("ORD-3", "hands out no message while another is unsettled", ReceiveFlaws.oneAtATime()),
    IGNORES_THE_MAXIMUM("FLW-2", "hands out more than it was asked for", ReceiveFlaws.ignoresTheMaximum()),
    FETCHES_EVERYTHING("FLW-4", "fetches all that is there in advance", ReceiveFlaws.fetchesEverything()),
    STOPS_AT_THE_LIMIT(
            "RTY-17",
            "hands out nothing while as many messages are unsettled as the in-flight limit",
            ReceiveFlaws.stopsAtTheLimit()),
    ACKNOWLEDGES_EARLY("REC-1", "acknowledges on receipt", ReceiveFlaws.acknowledgesEarly()),
    FORGETS_ACKNOWLEDGEMENTS("SUB-7", "does not pass acknowledgements on", ReceiveFlaws.forgetsAcknowledgements()),
    LOSES_THE_REST("LIF-1", "acknowledges on close what was handed out", ReceiveFlaws.losesTheRestOnClose()),
    COUNTS_HAND_OUTS("LIF-2", "counts every hand-out as an attempt", ReceiveFlaws.countsHandOuts()),
    FORGETS_THE_COUNT("CAP-5", "declares DELIVERY_COUNT and always says 1", ReceiveFlaws.forgetsTheCount()),
    STOPS_COUNTING("CAP-8", "counts the first crash and none after it", ReceiveFlaws.stopsCounting()),
    KEEPS_ATTEMPTS_THAT_ARE_TAKEN_BACK(
            "LIF-9", "counts an attempt that the engine takes back", ReceiveFlaws.keepsAttemptsThatAreTakenBack()),
    KEEPS_ATTEMPTS_OF_REDELIVERIES(
            "LIF-17",
            "counts an attempt that is taken back from a message that came back before",
            ReceiveFlaws.keepsAttemptsOfRedeliveries()),
    ACKNOWLEDGES_LATE(
            "LIF-18",
            "acknowledges with the next acknowledgement, and not when it is closed",
            ReceiveFlaws.acknowledgesLate()),
    GIVES_UP_ON_RESTART("REC-4", "reports a lost connection as final", ReceiveFlaws.givesUpOnRestart()),
    COMMITS_BY_ITSELF(
            "REC-6", "acknowledges what it handed out when it is asked for more", CrashFlaws.commitsByItself()),
    SETTLES_AT_THE_START("REC-7", "acknowledges when an attempt starts", CrashFlaws.settlesAtTheStart()),
    SETTLES_THE_FETCH("REC-8", "acknowledges all that it fetched together", CrashFlaws.settlesTheFetch()),
    REFUSES_KNOWN_IDS("REC-9", "refuses a message with an id that it has sent before", CrashFlaws.refusesKnownIds()),
    SPOILS_REDELIVERIES("REC-10", "hands out a changed body the second time", CrashFlaws.spoilsRedeliveries()),
    CHAINS_IN_TWO_STEPS("CHN-6", "sends outputs, then settles, and calls it a transaction", ChainFlaws.inTwoSteps()),

    GIVES_UP_ON_RESET("NET-1", "reports a connection that was reset as final", ReceiveFlaws.givesUpOnRestart()),
    SILENCE_AS_CONFIRMED("NET-2", "reports a send without an answer as confirmed", NetworkFlaws.silenceAsConfirmed()),
    SILENCE_AS_REJECTED("NET-2", "reports a send without an answer as rejected", NetworkFlaws.silenceAsRejected()),
    REJECTS_WHAT_IS_UNDER_WAY(
            "NET-3", "reports as rejected what is still on its way", NetworkFlaws.silenceAsRejected()),
    HANGS_WHILE_CUT_OFF("NET-4", "waits in close until the network is back", ConnectionFlaws.hangsOnClose()),
    REPEATS_WHAT_IS_SLOW("NET-5", "sends again what has no answer at once", NetworkFlaws.repeatsWhatIsSlow()),
    DOES_NOT_NOTICE_SILENCE(
            "NET-6", "goes on listening to a connection that is gone", NetworkFlaws.doesNotNoticeSilence()),
    TAKES_ITS_OWN_VOICE_FOR_THE_BROKERS(
            "NET-7",
            "goes on listening to a broker as long as it can write to it",
            NetworkFlaws.doesNotNoticeSilence()),
    COUNTS_RETURNS("NET-8", "counts an attempt whenever a message comes back", ReceiveFlaws.countsHandOuts()),

    REJECTS_WHAT_IT_STORES(
            "NET-1", true, "reports some of what it stores as rejected", HistoryFlaws.rejectsWhatItStores()),
    REPEATS_WHAT_IS_SETTLED(
            "DLQ-6", true, "hands out a message that is settled once more", HistoryFlaws.repeatsWhatIsSettled()),
    COUNTS_FROM_TWO(
            "ORD-1", true, "says of some new messages that they were delivered before", HistoryFlaws.countsFromTwo()),
    CHANGES_KEYS_OF_REDELIVERIES(
            "REC-1", true, "hands out redeliveries with a changed key", HistoryFlaws.changesKeysOfRedeliveries()),

    SHARES_ONE_COPY("SUB-2", "uses one store for all subscriptions of a topic", ConnectionFlaws.sharesOneCopy()),
    STARTS_AT_FIRST_CONSUMER(
            "SUB-6", "creates subscriptions when they are first read", ConnectionFlaws.startsAtFirstConsumer()),
    CONFUSES_SIMILAR_NAMES("SUB-8", "folds the names of queues to lower case", ConnectionFlaws.confusesSimilarNames()),
    IGNORES_PHYSICAL_NAMES("NAM-1", "goes by the name in code alone", NameFlaws.ignoresPhysicalNames()),
    SENDS_ELSEWHERE(
            "NAM-1", "sends to the name in code, and receives from the physical one", NameFlaws.sendsElsewhere()),
    IGNORES_NAMES_OF_SUBSCRIPTIONS(
            "NAM-2", "maps topics, but not their subscriptions", NameFlaws.ignoresNamesOfSubscriptions()),
    CREATES_UNDER_PHYSICAL_NAMES(
            "NAM-3", "creates what it should only check, if it has a physical name", NameFlaws.createsMapped()),
    FORGETS_THE_WAY_BACK("NAM-4", "redrives a queue to the name it has in code", NameFlaws.sendsElsewhere()),
    WIDENS_THE_WAY_BACK(
            "NAM-5", "redrives a subscription with a physical name to its whole topic", SendFlaws.redeliversToAll()),
    LETS_ORDER_GO("NAM-7", "receives in any order where there is a physical name", NameFlaws.letsOrderGo()),
    COMPARES_WITH_ITSELF_ONLY(
            "SUB-12",
            "compares declarations within one connection, and not with what other clients have declared",
            ConnectionFlaws.comparesWithItselfOnly()),
    FORGETS_TO_VALIDATE(
            "SUB-12", "compares declarations with create, and not with validate", ConnectionFlaws.forgetsToValidate()),
    KEEPS_KINDS_APART(
            "SUB-13", "takes a queue and a topic of one name for two places", ConnectionFlaws.keepsKindsApart()),
    SWALLOWS_NOT_FOUND("SUB-9", "creates what it should only check", ConnectionFlaws.swallowsNotFound()),
    LIES_ABOUT_A_CAPABILITY(
            "SUB-5", "declares START_EARLIEST and starts at NOW", ConnectionFlaws.liesAboutACapability()),
    CHANGES_ITS_MIND("CAP-1", "declares something else on every connection", ConnectionFlaws.changesItsMind()),
    ALWAYS_HEALTHY("HLT-2", "reports UP without asking the broker", ConnectionFlaws.alwaysHealthy()),
    LEAKS_A_THREAD("LIF-5", "leaves a thread behind", ConnectionFlaws.leaksAThread()),
    KEEPS_THE_PROCESS_ALIVE("LIF-16", "starts a thread that is not a daemon", ConnectionFlaws.keepsTheProcessAlive()),
    LEAKS_A_FILE("LIF-14", "leaves a file open for each connection", ConnectionFlaws.leaksAFile()),
    READS_ITS_OWN_HEADERS_ONLY(
            "SUB-11", "drops the headers that other clients have set", ReceiveFlaws.readsItsOwnHeadersOnly()),
    SKIPS_WHAT_IS_BROKEN("DLQ-20", "acknowledges a message that it cannot decode", ReceiveFlaws.skipsWhatIsBroken()),
    FAILS_ON_WHAT_IS_BROKEN(
            "DLQ-20",
            "fails to receive while a message is there that it cannot decode",
            ReceiveFlaws.failsOnWhatIsBroken()),
    FORGETS_HOW_IT_WAS_STORED(
            "DLQ-20",
            "stores what it could not decode as an ordinary message when it comes back",
            SendFlaws.forgetsHowItWasStored()),
    CONFUSES_KEYS_THAT_ARE_NOT_TEXT(
            "DLQ-22", "reads keys as text, whatever their bytes", ReceiveFlaws.confusesKeysThatAreNotText()),
    FORGETS_PROPERTIES(
            "DLQ-22",
            "stores a received message again without its vendor's own properties",
            SendFlaws.forgetsProperties()),
    TAKES_WHAT_IT_SHOWS("DSK-1", "acknowledges what it shows", DeskFlaws.takesWhatItShows()),
    SHOWS_ONE_PAGE("DSK-1", "shows one page of what there is", DeskFlaws.showsOnePage()),
    CREATES_WHAT_IS_LOOKED_AT("DSK-2", "creates a queue to look at it", ConnectionFlaws.swallowsNotFound()),
    FORGETS_WHERE_IT_WAS_THROWN("DSK-3", "drops the header mq-dead-thrown-at", DeskFlaws.forgetsThePlace()),
    ACKNOWLEDGES_WHAT_LIES_BEFORE(
            "DSK-4",
            "acknowledges all that it handed out before what is acknowledged",
            DeskFlaws.acknowledgesWhatLiesBefore()),
    LOSES_WHAT_IS_PASSED_OVER("DSK-4", "acknowledges on close what was left out", ReceiveFlaws.losesTheRestOnClose()),
    TAKES_IN_A_DRY_RUN("DSK-5", "acknowledges what a dry run looks at", DeskFlaws.takesWhatItShows()),
    FORGETS_THE_LAST_ACKNOWLEDGEMENT(
            "DSK-6",
            "does not pass on what is acknowledged right before the end",
            DeskFlaws.forgetsTheLastAcknowledgement()),
    LOSES_THE_KEY_ELSEWHERE("DSK-7", "stores messages without their key", SendFlaws.losesTheKey()),
    FORGETS_THE_ORIGINAL("DSK-8", "drops the header mq-edited-from", DeskFlaws.forgetsTheOriginal()),
    SHARES_LETTERS_TWICE("DSK-11", "gives one lane's messages to two receivers", ReceiveFlaws.overlapsALane()),
    HIDES_AN_OUTAGE(
            "DSK-12",
            "reports no outage, and gathers acknowledgements until there are more",
            DeskFlaws.hidesAnOutage()),
    HANGS_ON_CLOSE("LIF-13", "waits in close until the broker is back", ConnectionFlaws.hangsOnClose()),
    THROWS_ON_UNWRAP("CAP-7", "throws when it has no such type to unwrap", ConnectionFlaws.throwsOnUnwrap()),
    ACKNOWLEDGES_WHEN_FULL_AND_DIES(
            "REC-1", "acknowledges what it has handed out when its window is full", ScaleFlaws.acknowledgesWhenFull()),
    FORGETS_KEYS_BEYOND_64("ORD-1", "keeps the order of the first 64 keys", ScaleFlaws.forgetsKeysBeyond64()),
    OVERLAPS_WITH_THREE("ORD-6", "gives a key to two receivers once there are three", ScaleFlaws.overlapsWithThree()),
    ORDERS_TOPICS_BY_KEY(
            "ORD-5", "keeps the order per key where a topic has total order", ScaleFlaws.ordersTopicsByKey()),
    STARVES_SIBLINGS(
            "ORD-11", "stops all subscriptions of a topic while one is paused or full", ScaleFlaws.starvesSiblings()),
    REPLAYS_AFTER_A_RESET(
            "NET-1", "hands out all that it ever did when a connection is lost", ScaleFlaws.replaysAfterAReset()),
    LEAKS_MOST_FILES("LIF-14", "leaves a file open for seven of eight connections", ConnectionFlaws.leaksMostFiles()),
    CUTS_LARGE_BODIES("CAP-6", "cuts bodies at 1 MiB and declares more", OutcomeFlaws.cutsLargeBodies()),
    SKIPS_EMPTY_BODIES(
            "LIM-6", "acknowledges messages without a body and hands out none", ReceiveFlaws.skipsEmptyBodies()),
    OBEYS_RESERVED_HEADERS(
            "LIM-13",
            "takes a header that is reserved by its vendor for the id of a message",
            OutcomeFlaws.obeysReservedHeaders(Flaw.RESERVED_HEADER)),
    NEVER_UNWRAPS("CAP-7", "unwraps nothing", OutcomeFlaws.neverUnwraps()),
    CREATES_SUBSCRIPTIONS_TOO(
            "SUB-9",
            "creates a missing subscription while it says that it is missing",
            OutcomeFlaws.createsSubscriptionsToo()),
    SETTLES_BEHIND_A_CRASH(
            "REC-2", "acknowledges, with a message, all that it fetched with it", CrashFlaws.settlesTheFetch()),
    SETTLES_WHAT_IS_CLAIMED("REC-11", "acknowledges a message while it is claimed", CrashFlaws.settlesAtTheStart()),
    REMEMBERS_IDS_FOR_EVER(
            "IDM-11", "confirms a message with an id it had before without storing it", SendFlaws.forgetsRepetitions()),
    JOINS_MESSAGES_WITHOUT_A_KEY("ORD-4", "hands out one message without a key at a time", ReceiveFlaws.oneAtATime()),
    ORDERS_WHAT_IS_UNORDERED(
            "ORD-10", "hands out one message at a time, whatever the order", ReceiveFlaws.oneAtATime()),
    LOSES_WHAT_IS_HANDED_BACK("ORD-7", "acknowledges on close what was handed out", ReceiveFlaws.losesTheRestOnClose()),
    STORES_TWICE("SUB-3", "stores every fifth message of a topic twice", SendFlaws.duplicates()),
    DELAYS_FOR_ONE_SUBSCRIPTION(
            "DLY-6", "keeps delayed messages in one store for all subscriptions", ConnectionFlaws.sharesOneCopy()),
    ACKNOWLEDGES_ONE_LATE(
            "LIF-8",
            "acknowledges with the next acknowledgement, and not when it is closed",
            ReceiveFlaws.acknowledgesLate()),
    CLOSES_WITH_SENDS_OPEN("LIF-10", "loses the outcomes of every tenth message", SendFlaws.neverConfirms()),
    STRIPS_OUTPUTS("CHN-1", "stores messages without their headers", SendFlaws.forgetsHeaders()),
    FORGETS_REDRIVES("DLQ-15", "drops the header mq-redrives", SendFlaws.forgetsRedrives()),
    COUNTS_ON_AFTER_A_REDRIVE(
            "DLQ-17",
            "goes on counting where a message comes back from the dead letters",
            ReceiveFlaws.countsHandOuts()),
    SETTLES_WHAT_IT_STOPS_AT("DLQ-8", "acknowledges on close what was handed out", ReceiveFlaws.losesTheRestOnClose()),
    SETTLES_WHAT_WAITS("LIF-3", "acknowledges on close what waits for a retry", ReceiveFlaws.losesTheRestOnClose()),
    KEEPS_WHAT_IS_DISCARDED("DLQ-9", "does not pass acknowledgements on", ReceiveFlaws.forgetsAcknowledgements()),
    NEEDS_AN_ANSWER_EACH("FLW-1", "hands out no message while another is unsettled", ReceiveFlaws.oneAtATime()),
    WAITS_FOR_RETRIES("RTY-6", "hands out no message while another one waits for its retry", ReceiveFlaws.oneAtATime()),
    HOLDS_BEHIND_RETRIES(
            "RTY-13", "hands out no message while others wait for their retries", ReceiveFlaws.oneAtATime()),
    HURRIES_RETRIES("RTY-9", "hands out at once what waits for a retry at the broker", SendFlaws.ignoresDelay()),
    HURRIES_AFTER_A_CLOSE("DLY-7", "forgets delays when a consumer is closed", SendFlaws.ignoresDelay()),
    LATE_BY_THREE_SECONDS("DLY-5", "delivers three seconds after the delay", OutcomeFlaws.addsToDelays()),
    NEVER_HEALTHY("HLT-1", "reports DOWN without asking the broker", OutcomeFlaws.neverHealthy()),
    RENAMES_DUPLICATES("IDM-1", "gives a message that is sent again another id", SendFlaws.replacesTheId()),
    REORDERS_BATCHES("ORD-9", "hands out what was sent together in reverse", ReceiveFlaws.reorders()),
    LOSES_SOME_OVER_A_RESTART("REC-3", "stores nine of ten messages for good", SendFlaws.dropsEveryTenth()),
    REFUSES_LONG_NAMES("LIM-1", "takes no name of more than 60 characters", OutcomeFlaws.refusesLongNames()),
    REORDERS_LETTERS("DLQ-13", "hands out dead letters in reverse", ReceiveFlaws.reordersLetters()),
    STRIPS_WHAT_COMES_BACK("DLQ-13", "stores messages without their keys", SendFlaws.losesTheKey()),
    STOPS_COUNTING_AT_THREE("CAP-5", "counts no more than three deliveries", ReceiveFlaws.stopsCountingAtThree());

    /** What the simulated broker's vendor has reserved. */
    public static final String RESERVED_HEADER = "x-simulated-duplicate-id";

    private final String rule;
    private final boolean shownByHistory;
    private final String defect;
    private final UnaryOperator<BrokerConnection> decorator;

    Flaw(String rule, String defect, UnaryOperator<BrokerConnection> decorator) {
        this(rule, false, defect, decorator);
    }

    Flaw(String rule, boolean shownByHistory, String defect, UnaryOperator<BrokerConnection> decorator) {
        this.rule = rule;
        this.shownByHistory = shownByHistory;
        this.defect = defect;
        this.decorator = decorator;
    }

    /** The rule that must fail. */
    public String rule() {
        return rule;
    }

    /** Whether the rule's own assertions hold, and only its history tells. */
    public boolean isShownByHistory() {
        return shownByHistory;
    }

    /** The adapter's defect. */
    public String defect() {
        return defect;
    }

    /** Puts the defect into a sound connection. */
    public UnaryOperator<BrokerConnection> decorator() {
        return decorator;
    }
}
