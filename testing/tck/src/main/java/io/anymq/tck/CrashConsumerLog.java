package io.anymq.tck;

import io.anymq.history.History;
import io.anymq.history.HistoryFile;
import io.anymq.history.HistoryFormatException;
import java.util.ArrayList;
import java.util.List;

/** The output of a crashable consumer, one line per event. Thread-safe. */
public final class CrashConsumerLog {
    private static final String HISTORY = "anymq-tck history ";
    private static final String STARTED = "anymq-tck started ";
    private static final String SETTLED = "anymq-tck settled ";
    private static final String STOPPED = "anymq-tck stopped ";

    private final List<String> started = new ArrayList<>();
    private final List<String> settled = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private boolean stopped;

    /** An empty log. */
    public CrashConsumerLog() {}

    static String historyLine(String entry) {
        return HISTORY + entry;
    }

    static String startedLine(String id) {
        return STARTED + id;
    }

    static String settledLine(String id) {
        return SETTLED + id;
    }

    static String stoppedLine(String id) {
        return STOPPED + id;
    }

    /** Takes one line in; false if it is no event, and ignored. */
    public synchronized boolean accept(String line) {
        if (line.startsWith(STARTED)) {
            started.add(line.substring(STARTED.length()));
        } else if (line.startsWith(SETTLED)) {
            settled.add(line.substring(SETTLED.length()));
        } else if (line.startsWith(STOPPED)) {
            stopped = true;
        } else if (line.startsWith(HISTORY)) {
            history.add(line.substring(HISTORY.length()));
        } else {
            return false;
        }
        return true;
    }

    /** Ids handed to the handler. */
    public synchronized List<String> started() {
        return List.copyOf(started);
    }

    /** All that it wrote down, except for a last line that was cut off by its death. */
    public synchronized History history() {
        int last = history.size() - 1;
        boolean cutOff = last >= 0 && !history.get(last).endsWith("}");
        try {
            return HistoryFile.parseLines(cutOff ? history.subList(0, last) : history);
        } catch (HistoryFormatException e) {
            throw new IllegalStateException("the history of a killed consumer cannot be read", e);
        }
    }

    /** Ids settled at the broker. */
    public synchronized List<String> settled() {
        return List.copyOf(settled);
    }

    /** Whether it is where it was told to stop. */
    public synchronized boolean stopped() {
        return stopped;
    }
}
