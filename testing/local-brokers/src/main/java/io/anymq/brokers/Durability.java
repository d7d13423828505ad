package io.anymq.brokers;

/** The kind of failure that a confirmed message must survive on the started broker. */
public enum Durability {
    /** Death of the broker's process: the data has reached the operating system. */
    PROCESS,
    /** Loss of power: the data has been forced to the disk before it is confirmed. */
    POWER
}
