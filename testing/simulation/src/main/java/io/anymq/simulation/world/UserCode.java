package io.anymq.simulation.world;

import io.anymq.simulation.plan.Operation;
import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.UserFault;
import io.anymq.simulation.plan.UserFault.Kind;
import io.anymq.simulation.plan.UserFault.Place;
import io.anymq.simulation.scheduler.Controlled;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The application's code: where it misbehaves now, and what it notices about the engine that calls it. */
final class UserCode {
    private final Set<Place> places = EnumSet.noneOf(Place.class);
    private final List<UserFault> active = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final SplittableRandom random;
    private boolean over;

    UserCode(Plan plan) {
        this.random = new SplittableRandom(plan.seed() ^ 0x05E2);
        for (Operation operation : plan.operations()) {
            if (operation instanceof UserFault fault) {
                places.add(fault.place());
            }
        }
    }

    /** Whether any of it misbehaves at some time. */
    boolean isAny() {
        return !places.isEmpty();
    }

    /** Whether this code is there at all: only what misbehaves at some time is. */
    boolean has(Place place) {
        return places.contains(place);
    }

    void begin(UserFault fault) {
        active.add(fault);
    }

    void end(UserFault fault) {
        active.remove(fault);
    }

    /** The run is over: remains of killed processes behave. */
    void shutDown() {
        over = true;
        active.clear();
    }

    boolean flip() {
        return random.nextBoolean();
    }

    /** Called on entry of each of the application's methods; returns how it misbehaves this time, or null. */
    @Nullable
    UserFault strike(Place place) {
        requireNoLock(place);
        for (UserFault fault : active) {
            if (fault.place() == place && flip()) {
                return fault;
            }
        }
        return null;
    }

    /** In code that may block as long as it likes: on some of the engine's threads it would stop what must go on. */
    void requireMayBlock(Place place) {
        String thread = Thread.currentThread().getName();
        if (thread.startsWith("timer-") || thread.startsWith("anymq-receive-")) {
            complain(place + " is called on thread " + thread);
        }
        requireNoLock(place);
    }

    private void requireNoLock(Place place) {
        if (!over && !Controlled.holdsNothing()) {
            complain(place + " is called under a lock, on thread "
                    + Thread.currentThread().getName());
        }
    }

    /** Misbehaves, if this is the time for it, in a way that every method can. True for {@link Kind#NULL}. */
    boolean at(Place place) {
        UserFault fault = strike(place);
        if (fault == null) {
            return false;
        }
        commit(fault);
        return fault.kind() == Kind.NULL;
    }

    /** Throws or blocks, as the fault says; anything else is left to the caller. */
    void commit(UserFault fault) {
        switch (fault.kind()) {
            case CHECKED, ERROR, UNREADABLE -> Thrown.sneakily(Thrown.by(fault.kind(), random));
            case BLOCK -> {
                try {
                    Controlled.awaitInterruptibly(() -> !active.contains(fault), Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    Thrown.sneakily(e);
                }
            }
            case STUBBORN -> Controlled.await(() -> !active.contains(fault), Long.MAX_VALUE);
            default -> {}
        }
    }

    /** The engine did something to its user that it must not do. */
    void complain(String complaint) {
        if (!over && complaints.size() < 10) {
            complaints.add(complaint);
        }
    }

    List<String> complaints() {
        return complaints;
    }
}
