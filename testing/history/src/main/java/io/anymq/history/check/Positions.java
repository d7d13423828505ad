package io.anymq.history.check;

import java.util.Arrays;

/** Places in a history, ascending. Most are empty or hold one, and there are millions of them, so no list of objects. */
final class Positions {
    static final Positions EMPTY = new Positions(new int[0]);

    private int[] places;
    private int size;

    private Positions(int[] places) {
        this.places = places;
    }

    /** This with a further place, which must not be before the last one. */
    Positions plus(int place) {
        Positions target = this == EMPTY ? new Positions(new int[1]) : this;
        if (target.size == target.places.length) {
            target.places = Arrays.copyOf(target.places, target.size * 2);
        }
        target.places[target.size++] = place;
        return target;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int get(int index) {
        return places[index];
    }

    int first() {
        return size == 0 ? Findings.NONE : places[0];
    }

    int last() {
        return size == 0 ? Findings.NONE : places[size - 1];
    }

    /** The first place after {@code place}. */
    int after(int place) {
        int index = indexAfter(place);
        return index == size ? Findings.NONE : places[index];
    }

    /** The last place before {@code place}. */
    int before(int place) {
        int index = indexAfter(place - 1);
        return index == 0 ? Findings.NONE : places[index - 1];
    }

    private int indexAfter(int place) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (places[middle] <= place) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
