package io.anymq.history;

import java.io.IOException;

/** A history file that cannot be read. The message names file, line and problem. */
public final class HistoryFormatException extends IOException {
    private static final long serialVersionUID = 1;

    private final long line;

    HistoryFormatException(String file, long line, String problem) {
        super(file + ", line " + line + ": " + problem);
        this.line = line;
    }

    /** The line, from 1. */
    public long line() {
        return line;
    }
}
