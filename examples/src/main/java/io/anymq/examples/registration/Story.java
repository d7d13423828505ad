package io.anymq.examples.registration;

import java.util.ArrayList;
import java.util.List;

/** Prints who did what for whom, when it happens, and remembers the order. Thread-safe. */
final class Story {
    private record Event(String who, UserRegistered user) {}

    private final long start = System.nanoTime();
    private final List<Event> events = new ArrayList<>();

    synchronized void tell(String who, String what, UserRegistered user) {
        events.add(new Event(who, user));
        System.out.printf("%6d ms  %-15s  %s %s%n", (System.nanoTime() - start) / 1_000_000, who, what, user.name());
    }

    synchronized boolean tells(String who, UserRegistered user) {
        return events.contains(new Event(who, user));
    }

    /** Whether both happened for this user, all of the first before any of the second. */
    synchronized boolean isInOrder(String first, String second, UserRegistered user) {
        int begin = events.indexOf(new Event(second, user));
        return tells(first, user) && events.lastIndexOf(new Event(first, user)) < begin;
    }
}
