package io.anymq.simulation.instrument;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JDK calls that are redirected, those that are scheduling points, and those that are not supported. */
final class Redirects {
    static final String CONTROLLED = "io/anymq/simulation/scheduler/Controlled";

    /** Types whose instances are made as another one. */
    static final Map<String, String> REPLACED = Map.of(
            "java/lang/Thread", "io/anymq/simulation/scheduler/SimulatedThread",
            "java/lang/ThreadLocal", "io/anymq/simulation/scheduler/SimulatedThreadLocal",
            "java/util/concurrent/ThreadPoolExecutor", "io/anymq/simulation/scheduler/SimulatedPool");

    private static final String CHM = "java/util/concurrent/ConcurrentHashMap";
    private static final Map<String, String> CALLS = new HashMap<>();
    private static final Set<String> SHARED =
            Set.of("java/lang/invoke/VarHandle", CHM, "java/util/concurrent/ConcurrentMap");
    private static final List<String> SHARED_PACKAGES = List.of(
            "java/util/concurrent/atomic/",
            "java/util/concurrent/ConcurrentLinked",
            "java/util/concurrent/ConcurrentSkip",
            "java/util/concurrent/CopyOnWrite");

    /** Constructors and methods whose waiting, threads or chance would escape. */
    private static final Map<String, Set<String>> UNKNOWN = Map.ofEntries(
            Map.entry("java/lang/Object", Set.of("wait", "notify", "notifyAll")),
            Map.entry("java/lang/Math", Set.of("random")),
            Map.entry("java/lang/Thread", Set.of("sleep", "ofVirtual", "startVirtualThread", "getAllStackTraces")),
            Map.entry("java/time/Instant", Set.of("now")),
            Map.entry("java/time/Clock", Set.of("systemUTC", "systemDefaultZone", "system")),
            Map.entry("java/util/UUID", Set.of("randomUUID")),
            Map.entry("java/util/concurrent/ThreadLocalRandom", Set.of("current")),
            Map.entry("java/util/concurrent/ForkJoinPool", Set.of("commonPool", "<init>")),
            Map.entry("java/util/concurrent/ScheduledThreadPoolExecutor", Set.of("<init>")),
            Map.entry("java/util/Timer", Set.of("<init>")),
            Map.entry("java/util/concurrent/Phaser", Set.of("<init>")),
            Map.entry("java/util/concurrent/CyclicBarrier", Set.of("<init>")),
            Map.entry("java/util/concurrent/Exchanger", Set.of("<init>")),
            Map.entry("java/util/concurrent/locks/ReentrantReadWriteLock", Set.of("<init>")),
            Map.entry("java/util/concurrent/locks/StampedLock", Set.of("<init>")),
            Map.entry(
                    "java/util/concurrent/CompletableFuture",
                    Set.of("orTimeout", "completeOnTimeout", "delayedExecutor")),
            Map.entry(
                    "java/util/concurrent/locks/ReentrantLock",
                    Set.of("lockInterruptibly", "isHeldByCurrentThread", "hasQueuedThreads", "getQueueLength")));

    private static final List<String> BLOCKING = List.of(
            "java/util/concurrent/BlockingQueue",
            "java/util/concurrent/BlockingDeque",
            "java/util/concurrent/LinkedBlockingQueue",
            "java/util/concurrent/LinkedBlockingDeque",
            "java/util/concurrent/ArrayBlockingQueue",
            "java/util/concurrent/PriorityBlockingQueue",
            "java/util/concurrent/DelayQueue",
            "java/util/concurrent/LinkedTransferQueue");

    private static final Set<String> BLOCKING_METHODS = Set.of("put", "take", "offer", "poll", "transfer");

    static {
        String s = "java/lang/System";
        add(s, "nanoTime", "()J", "nanoTime", "()J");
        add(s, "currentTimeMillis", "()J", "currentTimeMillis", "()J");
        String t = "java/lang/Thread";
        add(t, "currentThread", "()L" + t + ";", "currentThread", "()L" + t + ";");
        add(t, "interrupted", "()Z", "interrupted", "()Z");
        add(t, "yield", "()V", "yieldNow", "()V");
        add(t, "onSpinWait", "()V", "yieldNow", "()V");
        virtual(t, "join", "()V", "join");
        virtual(t, "join", "(J)V", "join");
        virtual(t, "isAlive", "()Z", "isAlive");
        String supplier = "(Ljava/util/function/Supplier;)Ljava/lang/ThreadLocal;";
        add("java/lang/ThreadLocal", "withInitial", supplier, "withInitial", supplier);
        String p = "java/util/concurrent/locks/LockSupport";
        for (String type : List.of("()V", "(Ljava/lang/Object;)V")) {
            add(p, "park", type, "park", type);
        }
        for (String type : List.of("(J)V", "(Ljava/lang/Object;J)V")) {
            add(p, "parkNanos", type, "parkNanos", type);
        }
        add(p, "unpark", "(L" + t + ";)V", "unpark", "(L" + t + ";)V");
        String l = "java/util/concurrent/locks/ReentrantLock";
        virtual(l, "lock", "()V", "lock");
        virtual(l, "tryLock", "()Z", "tryLock");
        virtual(l, "unlock", "()V", "unlock");
        virtual(l, "newCondition", "()Ljava/util/concurrent/locks/Condition;", "newCondition");
        String timed = "(JLjava/util/concurrent/TimeUnit;)";
        virtual("java/util/concurrent/CountDownLatch", "await", "()V", "await");
        virtual("java/util/concurrent/CountDownLatch", "await", timed + "Z", "await");
        virtual("java/util/concurrent/Semaphore", "acquire", "()V", "acquire");
        virtual("java/util/concurrent/Semaphore", "tryAcquire", timed + "Z", "tryAcquire");
        String f = "java/util/concurrent/CompletableFuture";
        virtual(f, "join", "()Ljava/lang/Object;", "join");
        virtual(f, "get", "()Ljava/lang/Object;", "get");
        virtual(f, "get", timed + "Ljava/lang/Object;", "get");
        String o = "Ljava/lang/Object;";
        for (String map : List.of("java/util/Map", "java/util/concurrent/ConcurrentMap", CHM)) {
            to(map, "computeIfAbsent", "(" + o + "Ljava/util/function/Function;)" + o, "java/util/Map");
            to(map, "computeIfPresent", "(" + o + "Ljava/util/function/BiFunction;)" + o, "java/util/Map");
            to(map, "compute", "(" + o + "Ljava/util/function/BiFunction;)" + o, "java/util/Map");
            to(map, "merge", "(" + o + o + "Ljava/util/function/BiFunction;)" + o, "java/util/Map");
        }
        String copyMap = "(Ljava/util/Map;)Ljava/util/Map;";
        add("java/util/Map", "copyOf", copyMap, "copyOfMap", copyMap);
        String copySet = "(Ljava/util/Collection;)Ljava/util/Set;";
        add("java/util/Set", "copyOf", copySet, "copyOfSet", copySet);
    }

    private Redirects() {}

    private static void add(String owner, String name, String type, String target, String targetType) {
        CALLS.put(owner + "." + name + type, target + targetType);
    }

    private static void virtual(String owner, String name, String type, String target) {
        add(owner, name, type, target, "(L" + owner + ";" + type.substring(1));
    }

    private static void to(String owner, String name, String type, String receiver) {
        add(owner, name, type, name, "(L" + receiver + ";" + type.substring(1));
    }

    /** Name and type of the method of {@link #CONTROLLED} that stands in for this one; null if none does. */
    static @Nullable String target(String owner, String name, String type) {
        return CALLS.get(owner + "." + name + type);
    }

    static boolean isShared(String owner) {
        return SHARED.contains(owner) || SHARED_PACKAGES.stream().anyMatch(owner::startsWith);
    }

    static boolean isUnknown(String owner, String name, String type) {
        Set<String> names = UNKNOWN.get(owner);
        if (names != null && names.contains(name)) {
            return true;
        }
        if (owner.equals("java/util/concurrent/CompletableFuture")
                && name.endsWith("Async")
                && !type.contains("Ljava/util/concurrent/Executor;")) {
            return true;
        }
        if (owner.equals("java/util/concurrent/Executors")) {
            return true;
        }
        return BLOCKING.contains(owner)
                && BLOCKING_METHODS.contains(name)
                && (name.equals("put") || name.equals("take") || type.contains("TimeUnit"));
    }
}
