package io.anymq.history.check;

/** One way to spoil a good history, and the invariant that must notice. */
enum Mutation {
    LOSE_MESSAGE_EVERYWHERE(Invariant.I1, DeliveryMutations::loseMessageEverywhere),
    LOSE_SUCCESS(Invariant.I1, DeliveryMutations::loseSuccess),
    LOSE_DEAD_LETTER(Invariant.I1, DeliveryMutations::loseDeadLetter),

    INVENT_MESSAGE(Invariant.I2, DeliveryMutations::inventMessage),
    CORRUPT_BODY(Invariant.I2, DeliveryMutations::corruptBody),
    CORRUPT_HEADERS(Invariant.I2, DeliveryMutations::corruptHeaders),
    CORRUPT_KEY(Invariant.I2, DeliveryMutations::corruptKey),
    CORRUPT_DEAD_LETTER(Invariant.I2, DeliveryMutations::corruptDeadLetter),
    HANDLE_BEFORE_SEND(Invariant.I2, DeliveryMutations::handleBeforeSend),

    REJECT_HANDLED_MESSAGE(Invariant.I3, SendMutations::rejectHandledMessage),
    DELIVER_REJECTED_MESSAGE(Invariant.I3, SendMutations::deliverRejectedMessage),
    SEND_OUTPUT_OF_FAILED_ATTEMPT(Invariant.I3, SendMutations::sendOutputOfFailedAttempt),

    NEVER_END_SEND(Invariant.I4, SendMutations::neverEndSend),
    END_SEND_TWICE(Invariant.I4, SendMutations::endSendTwice),
    ABANDON_UNKNOWN_MESSAGE(Invariant.I4, SendMutations::abandonUnknownMessage),

    SWAP_WITHIN_KEY(Invariant.I5, OrderMutations::swapWithinKey),
    SWAP_WITHIN_TOTAL_ORDER(Invariant.I5, OrderMutations::swapWithinTotalOrder),
    OVERTAKE_DURING_BACKOFF(Invariant.I5, OrderMutations::overtake),

    OVERLAP_BY_LATE_END(Invariant.I6, OrderMutations::overlapByLateEnd),
    OVERLAP_BY_EARLY_START(Invariant.I6, OrderMutations::overlapByEarlyStart),
    OVERLAP_OF_TWO_CONSUMERS(Invariant.I6, OrderMutations::overlapOfTwoConsumers),
    OVERLAP_IN_TOTAL_ORDER(Invariant.I6, OrderMutations::overlapInTotalOrder),

    SKIP_ATTEMPT_NUMBER(Invariant.I7, RetryMutations::skipAttemptNumber),
    REPEAT_ATTEMPT_NUMBER(Invariant.I7, RetryMutations::repeatAttemptNumber),
    NEVER_END_ATTEMPT(Invariant.I7, RetryMutations::neverEndAttempt),
    TRY_BEYOND_MAXIMUM(Invariant.I7, RetryMutations::tryBeyondMaximum),
    TRY_AFTER_DEAD_LETTER(Invariant.I7, RetryMutations::tryAfterDeadLetter),
    MISCOUNT_IN_DEAD_LETTER(Invariant.I7, RetryMutations::miscountInDeadLetter),
    GIVE_UP_TOO_EARLY(Invariant.I7, RetryMutations::giveUpTooEarly),

    RETRY_TOO_SOON(Invariant.I8, RetryMutations::retryTooSoon),
    FAIL_TOO_LATE(Invariant.I8, RetryMutations::failTooLate),

    STARVE_UNKEYED_MESSAGE(Invariant.I9, OrderMutations::starveUnkeyedMessage),
    STARVE_KEY(Invariant.I9, OrderMutations::starveKey),

    SETTLE_BEFORE_CONFIRM(Invariant.I10, EffectMutations::settleBeforeConfirm),
    SETTLE_WITHOUT_CONFIRM(Invariant.I10, EffectMutations::settleWithoutConfirm),

    APPLY_EFFECT_TWICE(Invariant.I11, EffectMutations::applyEffectTwice),
    LOSE_EFFECT(Invariant.I11, EffectMutations::loseEffect),
    SHARE_EFFECT_NAME(Invariant.I11, EffectMutations::shareEffectName),

    LEAVE_BACKLOG(Invariant.I12, EffectMutations::leaveBacklog),
    DRAIN_TOO_LATE(Invariant.I12, EffectMutations::drainTooLate),

    CLOSE_WITHOUT_SETTLING(Invariant.I13, CloseMutations::closeWithoutSettling),
    CLOSE_UNDER_HANDLER(Invariant.I13, CloseMutations::closeUnderHandler),
    HANDLE_AFTER_CLOSE(Invariant.I13, CloseMutations::handleAfterClose),
    LOSE_AT_CLOSE(Invariant.I13, Invariant.I1, CloseMutations::loseAtClose),

    HANDLE_TWICE(Invariant.I14, DeliveryMutations::handleTwice),
    LEAK_INTO_OTHER_SOURCE(Invariant.I14, DeliveryMutations::leakIntoOtherSource),
    SKIP_ONE_SUBSCRIPTION(Invariant.I14, Invariant.I1, DeliveryMutations::skipOneSubscription),
    DEAD_LETTER_TWICE(Invariant.I14, DeliveryMutations::deadLetterTwice);

    /** Spoils a history; false if it has nothing of the kind. */
    @FunctionalInterface
    interface Change {
        boolean apply(Draft draft);
    }

    final Invariant target;

    /** Another one that may notice; the same where there is none. */
    final Invariant alsoLogical;

    @SuppressWarnings("ImmutableEnumChecker") // references to static methods capture nothing
    private final Change change;

    Mutation(Invariant target, Change change) {
        this(target, target, change);
    }

    Mutation(Invariant target, Invariant alsoLogical, Change change) {
        this.target = target;
        this.alsoLogical = alsoLogical;
        this.change = change;
    }

    boolean apply(Draft draft) {
        return change.apply(draft);
    }
}
