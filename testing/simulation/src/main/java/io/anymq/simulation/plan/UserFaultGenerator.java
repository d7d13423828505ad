package io.anymq.simulation.plan;

import io.anymq.simulation.plan.UserFault.Kind;
import io.anymq.simulation.plan.UserFault.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws how the code of the application misbehaves. */
final class UserFaultGenerator {
    private static final int MOST = 4;
    /** An observer is called by whichever thread has something to tell, so one that blocks blocks everything. */
    private static final int LONGEST_OBSERVER_MILLIS = 40;

    private static final int SHORT_MILLIS = 50;
    private static final int LONG_MILLIS = 400;
    /**
     * Shorter than the checker's aftermath: what a call held back while its message went elsewhere must show within it.
     */
    private static final int LONGEST_MILLIS = 700;

    private final SplittableRandom random;

    UserFaultGenerator(SplittableRandom random) {
        this.random = random;
    }

    void draw(Setup setup, long spanMicros, List<Operation> operations) {
        List<Place> places = new ArrayList<>(List.of(Place.values()));
        if (!setup.idempotent()) {
            places.remove(Place.KEY_FUNCTION);
            places.remove(Place.STORE);
        }
        int count = 1 + random.nextInt(MOST);
        for (int i = 0; i < count; i++) {
            Place place = places.get(random.nextInt(places.size()));
            Kind kind = place.kinds().get(random.nextInt(place.kinds().size()));
            operations.add(new UserFault(random.nextLong(spanMicros), place, kind, millis(place)));
        }
    }

    private long millis(Place place) {
        int longest =
                switch (random.nextInt(8)) {
                    case 0 -> LONGEST_MILLIS;
                    case 1, 2, 3 -> LONG_MILLIS;
                    default -> SHORT_MILLIS;
                };
        return 1L + random.nextInt(place == Place.OBSERVER ? LONGEST_OBSERVER_MILLIS : longest);
    }
}
