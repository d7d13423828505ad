package io.anymq.brokers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The program of the children in {@link ChildJvmTest}. */
public final class ChildMain {
    private ChildMain() {}

    public static void main(String[] args) throws InterruptedException {
        switch (args[0]) {
            case "print" -> print(args[1]);
            case "wait" -> waitForEver();
            case "tick" -> tick();
            case "fail" -> throw new IllegalStateException("on purpose");
            case "parent" -> parent(false);
            case "parent-of-suspended" -> parent(true);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void print(String argument) {
        System.out.println("argument " + argument);
        System.out.println("property " + System.getProperty("child.property"));
        System.out.println("variable " + System.getenv("CHILD_VARIABLE"));
        System.err.println("on standard error");
        System.exit(7);
    }

    private static void waitForEver() throws InterruptedException {
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    private static void tick() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; !never.await(10, TimeUnit.MILLISECONDS); i++) {
            System.out.println("tick " + i);
        }
    }

    private static void parent(boolean suspend) throws InterruptedException {
        ChildJvm child = ChildJvm.of(ChildMain.class).args("wait").start();
        child.awaitLine("ready", Duration.ofSeconds(30));
        if (suspend) {
            child.suspend();
        }
        System.out.println("grandchild " + child.pid());
        new CountDownLatch(1).await();
    }
}
