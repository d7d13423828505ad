package io.anymq.bench.result;

/**
 * How far things were at a moment of a run.
 *
 * @param seconds since the beginning
 * @param sent messages handed to the producer so far
 * @param confirmed of these, confirmed
 * @param handled messages handled so far
 */
public record TimePoint(double seconds, long sent, long confirmed, long handled) {}
