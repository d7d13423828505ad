package io.anymq.bench.measure;

/** Lines that a child JVM prints, so that the parent can read the broker's figures at the same moments. */
public final class Markers {
    /** The measured time begins. */
    public static final String BEGIN = "@begin";

    /** The measured time ends. */
    public static final String END = "@end";

    /** The run is over and its result is written. */
    public static final String DONE = "@done";

    /** The broker must be killed and restarted. */
    public static final String KILL = "@kill";

    private Markers() {}

    static void say(String marker) {
        System.out.println(marker);
        System.out.flush();
    }
}
