package io.anymq.brokers;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Resolves the same class path on two threads. */
public final class FetchMain {
    private FetchMain() {}

    public static void main(String[] args) {
        CompletableFuture<Integer> other = CompletableFuture.supplyAsync(FetchMain::fetch);
        int own = fetch();
        System.out.println(own + " jars, then " + other.join() + " jars");
    }

    private static int fetch() {
        return new MavenClassPath(Settings.ofThisJvm())
                .resolve("small", List.of("org.slf4j:slf4j-simple:1.7.36"))
                .size();
    }
}
