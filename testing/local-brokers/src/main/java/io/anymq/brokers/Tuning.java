package io.anymq.brokers;

/** The tuning of a started broker's JVM. Brokers that are not Java programs ignore it. */
public enum Tuning {
    /** Serial collector and C1 only: the shortest start and the smallest memory, for tests. */
    QUICK_START,
    /** The JVM's own choice of compiler and collector: the highest steady throughput, for benchmarks. */
    THROUGHPUT
}
