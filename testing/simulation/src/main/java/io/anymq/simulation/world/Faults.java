package io.anymq.simulation.world;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.simulation.plan.Operation.Breakage;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The active faults. Several faults of a kind may overlap. */
final class Faults {
    private final Map<Breakage, Integer> broken = new EnumMap<>(Breakage.class);
    private final SplittableRandom random;

    Faults(long seed) {
        this.random = new SplittableRandom(seed ^ 0xFA17);
    }

    void begin(Breakage what) {
        broken.merge(what, 1, Integer::sum);
    }

    void end(Breakage what) {
        broken.merge(what, -1, Integer::sum);
    }

    boolean is(Breakage what) {
        return broken.getOrDefault(what, 0) > 0;
    }

    /** Whether it is broken, and this time it shows. */
    boolean strikes(Breakage what) {
        return is(what) && random.nextInt(3) > 0;
    }

    int pick(int bound) {
        return random.nextInt(bound);
    }

    static MessagingException error() {
        return new MessagingException(
                ErrorCode.UNAVAILABLE, "connection broken on purpose by the simulation", true, null);
    }
}
