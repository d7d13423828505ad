package io.anymq.history.check;

import io.anymq.history.Entry;
import java.util.List;

/**
 * One thing that should not have happened.
 *
 * @param invariant the violated invariant
 * @param sentence a readable description
 * @param proof the few events that prove it, in their order
 */
public record Violation(Invariant invariant, String sentence, List<Entry> proof) {
    /** Copies the list. */
    public Violation {
        proof = List.copyOf(proof);
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(256);
        out.append(invariant).append(": ").append(sentence);
        for (Entry entry : proof) {
            out.append("\n      ").append(entry);
        }
        return out.toString();
    }
}
