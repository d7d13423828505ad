package io.anymq.history.check;

/** When one consumer was opened and closed. */
final class ConsumerFacts {
    Positions opened = Positions.EMPTY;
    Positions closing = Positions.EMPTY;
    Positions closedCleanly = Positions.EMPTY;
    Positions closedUncleanly = Positions.EMPTY;
    Positions crashed = Positions.EMPTY;

    /** The last thing that it did itself: until then it was certainly alive. */
    int lastAct = Findings.NONE;

    /** When it may have lost its messages to others without knowing. */
    Intervals troubles = Intervals.NONE;

    /** Until when a call that never ended certainly ran: as long as its consumer showed signs of life. */
    int provenEnd(Call call) {
        // later events belong to another life, after it was opened again
        return opened.after(call.start) == Findings.NONE ? Math.max(call.start, lastAct) : call.start;
    }
}
