package io.anymq.brokers;

/** The kind of failure that a confirmed message must survive on the started broker. */
public enum Durability {
    /**
     * Death of the broker's process: the data has reached the operating system. Not quite so on ActiveMQ Classic, which
     * confirms a moment before it writes; there, only {@link #POWER} survives a kill.
     */
    PROCESS,
    /** Loss of power: the data has been forced to the disk before it is confirmed. */
    POWER
}
