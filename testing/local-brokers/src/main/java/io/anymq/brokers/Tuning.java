package io.anymq.brokers;

/** How the JVM of a started broker is set up. Brokers that are no Java programs ignore it. */
public enum Tuning {
    /** Serial collector and C1 only: the shortest start and the smallest memory, for tests. */
    QUICK_START,
    /** The JVM's own choice of compiler and collector: the highest steady throughput, for benchmarks. */
    THROUGHPUT
}
