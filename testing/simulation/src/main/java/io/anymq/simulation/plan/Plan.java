package io.anymq.simulation.plan;

import java.util.List;

/**
 * A whole run but for the interleaving of its threads, which {@code seed} decides. Immutable.
 *
 * @param seed of the scheduler, of faults, and of the engine's own randomness
 * @param setup the setup when it begins
 * @param operations the operations, ordered by time
 */
public record Plan(long seed, Setup setup, List<Operation> operations) {
    /** Copies the list. */
    public Plan {
        operations = List.copyOf(operations);
    }

    /** Whether nothing but handlers fails: no process, no connection, no broker, no store. */
    public boolean isCalm() {
        return operations.stream()
                .noneMatch(operation -> operation instanceof Operation.Fault
                        || operation instanceof UserFault
                        || (operation instanceof Operation.Member member && breaks(member.fate())));
    }

    private static boolean breaks(Operation.Fate fate) {
        return switch (fate) {
            case CRASH, FREEZE, CUT -> true;
            case CLOSE, PAUSE -> false;
        };
    }

    /** A copy with these operations. */
    public Plan withOperations(List<Operation> fewer) {
        return new Plan(seed, setup, fewer);
    }

    /** A copy with another seed: the same operations, otherwise interleaved. */
    public Plan withSeed(long other) {
        return new Plan(other, setup, operations);
    }

    /** One line for the setup and one for each operation. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("seed ").append(seed).append(", ").append(setup);
        for (Operation operation : operations) {
            text.append("\n  ").append(operation);
        }
        return text.toString();
    }
}
