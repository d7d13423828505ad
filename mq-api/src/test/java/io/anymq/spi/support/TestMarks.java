package io.anymq.spi.support;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Marks in memory; writing them fails when a test says so. */
final class TestMarks implements MarkStore<TestPartition> {
    final Map<TestPartition, OwnerMark> left = new HashMap<>();
    final Map<TestPartition, Long> ends = new HashMap<>();

    /** The texts of all marks of each write, with their offset. */
    final List<Map<String, String>> written = new ArrayList<>();

    boolean leaving;
    boolean down;

    @Override
    public Map<TestPartition, OwnerMark> read(List<TestPartition> lanes) {
        return left;
    }

    @Override
    public Map<TestPartition, Long> ends(List<TestPartition> lanes) {
        return ends;
    }

    @Override
    public boolean write(Map<TestPartition, OwnerMark> marks) {
        if (down) {
            throw new MessagingException(ErrorCode.UNAVAILABLE, "the broker is away", true, null);
        }
        if (leaving) {
            return false;
        }
        Map<String, String> texts = new HashMap<>();
        marks.forEach((lane, mark) -> texts.put(lane.toString(), mark.offset() + " " + mark.text()));
        written.add(texts);
        left.putAll(marks);
        return true;
    }
}
