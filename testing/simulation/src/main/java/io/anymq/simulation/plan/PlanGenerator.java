package io.anymq.simulation.plan;

import io.anymq.history.check.Order;
import io.anymq.simulation.plan.Operation.Breakage;
import io.anymq.simulation.plan.Operation.Fate;
import io.anymq.simulation.plan.Operation.Fault;
import io.anymq.simulation.plan.Operation.Join;
import io.anymq.simulation.plan.Operation.Member;
import io.anymq.simulation.plan.Operation.Redrive;
import io.anymq.simulation.plan.Operation.Send;
import io.anymq.simulation.plan.Setup.End;
import io.anymq.simulation.plan.Setup.Handlers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Draws a plan from a seed. A third of all plans breaks nothing, so that nothing can hide behind an excuse. */
public final class PlanGenerator {
    private static final long SPAN_MICROS = 400_000;
    private static final int[] RETRY_MILLIS = {0, 5, 20, 80};
    private static final int[] IN_PLACE_MILLIS = {0, 10, 5_000};
    private static final int[] WINDOWS = {1, 3, 1_000};
    private static final int[] IN_FLIGHT = {1, 4, 100};
    private static final int[] DRAIN_MILLIS = {20, 2_000};

    /** Of plans without operators: a consumer that stops for good needs an operator. */
    private static final End[] ENDS = {End.DEAD_LETTER, End.PARK_KEY, End.DISCARD};

    /** Who acts in a plan beside producers and consumers. */
    private enum Extra {
        NOTHING,
        USER_FAULTS,
        OPERATORS
    }

    private final SplittableRandom random;
    private final long seed;
    private final Extra extra;

    private PlanGenerator(long seed, Extra extra) {
        this.seed = seed;
        this.extra = extra;
        this.random = new SplittableRandom(seed);
    }

    /** The plan of this seed, always the same. */
    public static Plan plan(long seed) {
        return new PlanGenerator(seed, Extra.NOTHING).draw();
    }

    /** Like {@link #plan}, with code of the application that misbehaves; always the same, too. */
    public static Plan planWithUserFaults(long seed) {
        return new PlanGenerator(seed, Extra.USER_FAULTS).draw();
    }

    /**
     * Like {@link #plan}, with operators and nothing that breaks: dead letters are redriven, consumers stop at what fails
     * permanently, or a failing message waits for long while all others must go on; always the same, too.
     */
    public static Plan planWithOperators(long seed) {
        return new PlanGenerator(seed, Extra.OPERATORS).draw();
    }

    private Plan draw() {
        // of what a fault has left behind, a redrive or a stop would show much later than its aftermath
        boolean broken = random.nextInt(3) > 0 && extra != Extra.OPERATORS;
        Setup setup = setup(broken);
        if (extra == Extra.OPERATORS) {
            setup = operated(setup);
        }
        List<Operation> operations = new ArrayList<>();
        sends(setup, operations);
        int members = members(setup, operations);
        if (broken) {
            faults(setup, members, operations);
        }
        if (extra == Extra.USER_FAULTS) {
            new UserFaultGenerator(random).draw(setup, SPAN_MICROS, operations);
        }
        if (extra == Extra.OPERATORS && setup.keepsLetters() && !setup.isPatient()) {
            redrives(setup, operations);
        }
        operations.sort(Comparator.comparingLong(Operation::at));
        return new Plan(seed, setup, operations);
    }

    private Setup operated(Setup drawn) {
        return switch (random.nextInt(3)) {
            case 0 -> drawn.stopping();
            case 1 -> drawn.order() == Order.TOTAL ? drawn : drawn.patient();
            default -> drawn;
        };
    }

    private void redrives(Setup setup, List<Operation> operations) {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            operations.add(new Redrive(random.nextLong(SPAN_MICROS), random.nextInt(setup.topic() ? 2 : 1)));
        }
    }

    private Setup setup(boolean broken) {
        Order order = pick(Order.values());
        Handlers handler = pick(Handlers.values());
        boolean chained = random.nextInt(3) == 0;
        End giveUp = pick(ENDS);
        if (giveUp == End.DISCARD && (broken || chained || extra == Extra.USER_FAULTS)) {
            // a history cannot distinguish a message dropped after an attempt without a recorded end from a lost one
            giveUp = End.DEAD_LETTER;
        }
        return new Setup(
                order,
                random.nextInt(3) == 0,
                1 + random.nextInt(4),
                pick(RETRY_MILLIS),
                1 + random.nextInt(2),
                random.nextBoolean() ? 0 : 0.5,
                pick(IN_PLACE_MILLIS),
                giveUp,
                handler,
                1 + random.nextInt(4),
                pick(IN_FLIGHT),
                pick(WINDOWS),
                random.nextInt(3) == 0,
                chained,
                1 + random.nextInt(4),
                // with an order, a hand-over that does not wait for handlers lets them overlap; of a batch that is
                // interrupted nothing is written down
                order == Order.UNORDERED && handler != Handlers.BATCH ? pick(DRAIN_MILLIS) : 2_000);
    }

    private <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private int pick(int[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private void sends(Setup setup, List<Operation> operations) {
        int count = 3 + random.nextInt(25);
        int keys = 1 + random.nextInt(4);
        int producers = 1 + random.nextInt(2);
        boolean burst = random.nextInt(4) == 0;
        int failing = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String key = random.nextInt(8) == 0 ? null : "k" + random.nextInt(keys);
            boolean delayable = key == null && setup.order() != Order.TOTAL;
            boolean fails = failing > 0 && random.nextInt(6) < failing;
            Send send = new Send(
                    burst ? 1_000 : random.nextLong(SPAN_MICROS),
                    "p" + (1 + random.nextInt(producers)),
                    "m" + i,
                    key,
                    delayable && random.nextBoolean() ? random.nextInt(200) : 0,
                    fails ? 1 + random.nextInt(setup.maxAttempts() + 1) : 0,
                    fails && setup.giveUp() != End.DISCARD && random.nextInt(6) == 0,
                    random.nextInt(3) == 0 ? random.nextInt(30_000) : 0,
                    random.nextBoolean());
            operations.add(send);
            if (setup.idempotent() && random.nextInt(6) == 0) {
                operations.add(new Send(
                        send.at() + random.nextInt(100_000),
                        send.producer(),
                        send.id(),
                        send.key(),
                        0,
                        send.failures(),
                        send.permanent(),
                        send.workMicros(),
                        send.output()));
            }
        }
    }

    private int members(Setup setup, List<Operation> operations) {
        int sources = setup.topic() ? 2 : 1;
        int members = sources + random.nextInt(3);
        for (int i = 0; i < members; i++) {
            long at = i < sources ? random.nextInt(20_000) : random.nextLong(SPAN_MICROS);
            operations.add(new Join(at, "c" + (i + 1), i % sources));
            if (random.nextInt(4) == 0) {
                operations.add(new Member(at + random.nextLong(SPAN_MICROS), "c" + (i + 1), Fate.CLOSE, 0));
            }
            if (random.nextInt(6) == 0) {
                operations.add(new Member(
                        at + random.nextLong(SPAN_MICROS), "c" + (i + 1), Fate.PAUSE, 1 + random.nextInt(100)));
            }
        }
        return members;
    }

    private void faults(Setup setup, int members, List<Operation> operations) {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            long at = random.nextLong(SPAN_MICROS);
            long millis = 1L + random.nextInt(random.nextBoolean() ? 30 : 300);
            if (random.nextInt(3) > 0) {
                Fate[] fates = {Fate.CRASH, Fate.CRASH, Fate.FREEZE, Fate.CUT};
                String member = "c" + (1 + random.nextInt(members));
                operations.add(new Member(at, member, pick(fates), millis));
            } else {
                Breakage what = pick(Breakage.values());
                if (what != Breakage.STORE || setup.idempotent()) {
                    operations.add(new Fault(at, what, millis));
                }
            }
        }
    }
}
