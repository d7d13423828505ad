package io.anymq.history.check;

import io.anymq.history.Content;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A queue or a subscription: what it holds, and who consumes it. */
final class SimulatedSource {
    /** A message. */
    static final class Letter {
        final String id;
        final Content content;
        final String key;

        Letter(String id, Content content) {
            this.id = id;
            this.content = content;
            this.key = content.key();
        }
    }

    /** A copy of a message in a source. */
    static final class Copy {
        final Letter letter;
        int attempt;
        int failuresLeft;
        boolean permanent;
        boolean settled;

        Copy(Letter letter) {
            this.letter = letter;
        }
    }

    /** A consumer, in a process of its own. */
    static final class Member {
        final SimulatedSource source;
        final String name;
        final String process;
        final List<Runnable> whenThawed = new ArrayList<>();
        boolean dead;
        boolean frozen;
        boolean closing;
        int running;

        Member(SimulatedSource source, int number) {
            this.source = source;
            this.name = source.name.replace('/', '-') + "-" + number;
            this.process = "proc-" + name;
        }

        boolean isGone() {
            return dead || frozen;
        }

        boolean takesWork() {
            return !isGone() && !closing;
        }
    }

    /** The copies that are handled one after another, by one member. */
    static final class Lane {
        final SimulatedSource source;
        final Deque<Copy> waiting = new ArrayDeque<>();
        /** What was handled last and may be given out again. */
        final Deque<Copy> lately = new ArrayDeque<>();

        Member owner;
        boolean busy;
        boolean calling;
        /** Counts the owners, so that a former one is known. */
        int epoch;

        Lane(SimulatedSource source) {
            this.source = source;
        }
    }

    final String name;
    final String destination;
    final Order order;
    final List<Member> members = new ArrayList<>();
    final Map<String, Lane> lanes = new LinkedHashMap<>();
    /** The attempts of each copy in the dead-letter queue, by message. */
    final Map<String, List<Integer>> dead = new LinkedHashMap<>();

    final Map<String, String> reasons = new HashMap<>();
    final Set<String> effected = new HashSet<>();
    final Set<String> parked = new HashSet<>();
    boolean exists = true;
    boolean effects;
    boolean parks;
    boolean discards;
    String outputsTo;
    int opened;

    SimulatedSource(String name, String destination, Order order) {
        this.name = name;
        this.destination = destination;
        this.order = order;
    }

    int backlog() {
        return lanes.values().stream().mapToInt(lane -> lane.waiting.size()).sum();
    }
}
