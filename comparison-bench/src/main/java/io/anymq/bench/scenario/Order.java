package io.anymq.bench.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Orders in which runs are made, so that no arm always has the warm or the cold machine. */
final class Order {
    private Order() {}

    static List<String> shuffled(List<String> arms, RandomGenerator random) {
        List<String> left = new ArrayList<>(arms);
        List<String> order = new ArrayList<>();
        while (!left.isEmpty()) {
            order.add(left.remove(random.nextInt(left.size())));
        }
        return order;
    }

    /** A B B A, or B A A B, drawn anew for each two pairs: a steady drift cancels out. */
    static List<List<String>> pairs(int pairs, RandomGenerator random) {
        List<List<String>> order = new ArrayList<>();
        boolean adapterFirst = true;
        for (int pair = 0; pair < pairs; pair++) {
            adapterFirst = pair % 2 == 0 ? random.nextBoolean() : !adapterFirst;
            order.add(adapterFirst ? List.of(Scenario.ADAPTER, Scenario.RAW) : List.of(Scenario.RAW, Scenario.ADAPTER));
        }
        return order;
    }
}
