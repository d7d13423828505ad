package io.anymq.bench.report;

import io.anymq.bench.result.TimePoint;
import java.util.List;

/** Rates and backlogs from how far things were at each moment. Stateless. */
final class Timelines {
    private static final double WIDTH_SECONDS = 1.0;

    private Timelines() {}

    /** The last point at least a second before the one at {@code index}, or the first there is. */
    static TimePoint aSecondBefore(List<TimePoint> points, int index) {
        double from = points.get(index).seconds() - WIDTH_SECONDS;
        int before = index;
        while (before > 0 && points.get(before).seconds() > from) {
            before--;
        }
        return points.get(before);
    }

    /** What went on per second between two moments; 0 for one and the same. */
    static double perSecond(long countBefore, long countNow, TimePoint before, TimePoint now) {
        double seconds = now.seconds() - before.seconds();
        return seconds <= 0 ? 0 : (countNow - countBefore) / seconds;
    }

    /** Confirmed and not yet handled; a repeated handling is no debt of the queue. */
    static long waiting(TimePoint point) {
        return Math.max(0, point.confirmed() - point.handled());
    }
}
