package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Judges sequences of handler calls. */
final class Order {
    private Order() {}

    /** Each key of {@link Messages#spread} was handled completely, in order and without repetition. */
    static void everyKeyInOrder(RecordingHandler<String> recorder, int count, int keys) {
        for (int key = 0; key < keys; key++) {
            assertThat(recorder.bodiesOf("key-" + key))
                    .as("handled for key-" + key)
                    .isEqualTo(Messages.bodiesOfKey(key, count, keys));
        }
    }

    /**
     * Each key was handled completely; it may have gone back, and then went on from there without a gap.
     */
    static void everyKeyWithoutGap(RecordingHandler<String> recorder, int count, int keys) {
        for (int key = 0; key < keys; key++) {
            withoutGap(recorder.bodiesOf("key-" + key), Messages.bodiesOfKey(key, count, keys));
        }
    }

    /** {@code handled} is {@code sent}, except that it may have gone back, and then went on from there without a gap. */
    static void withoutGap(List<String> handled, List<String> sent) {
        int previous = -1;
        for (String body : handled) {
            int at = sent.indexOf(body);
            assertThat(at)
                    .as("place of " + body + " among what was sent " + sent)
                    .isNotNegative();
            assertThat(at)
                    .as(body + " came after " + (previous < 0 ? "nothing" : sent.get(previous))
                            + ", which skips a message; handled: " + handled)
                    .isLessThanOrEqualTo(previous + 1);
            previous = at;
        }
        assertThat(firsts(handled)).as("all that was sent").hasSameElementsAs(sent);
    }

    /** The first occurrence of each. */
    static List<String> firsts(List<String> bodies) {
        Set<String> seen = new HashSet<>();
        List<String> firsts = new ArrayList<>();
        for (String body : bodies) {
            if (seen.add(body)) {
                firsts.add(body);
            }
        }
        return firsts;
    }
}
