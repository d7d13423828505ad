package io.anymq;

/**
 * What a redrive did.
 *
 * @param redriven messages confirmed at their origin and removed from the dead-letter queue
 * @param loopGuarded messages left because they had come back too often
 * @param foreign messages left because they carry no origin (not dead-lettered by AnyMQ)
 */
public record RedriveReport(int redriven, int loopGuarded, int foreign) {}
