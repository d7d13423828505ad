package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.policy.IdempotencyStore.Claim;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rule must not fail, or pass, because of the kit's own store. */
class FileStoreTest {
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path folder;

    private FileStore open() {
        return new FileStore(folder);
    }

    private static long granted(Claim claim) {
        assertThat(claim).isInstanceOf(Claim.Granted.class);
        return ((Claim.Granted) claim).token();
    }

    @Test
    void whatOneDidAnotherFinds() {
        long token = granted(open().claim("s", "a", 1, LONG));
        assertThat(open().claim("s", "a", 1, LONG)).isInstanceOf(Claim.Busy.class);
        assertThat(open().claim("s", "a", 2, LONG)).isInstanceOf(Claim.Conflict.class);
        assertThat(open().complete("s", "a", token + 1, LONG)).isFalse();
        assertThat(open().complete("s", "a", token, LONG)).isTrue();
        assertThat(open().claim("s", "a", 1, LONG)).isInstanceOf(Claim.Done.class);
        assertThat(open().release("s", "a", token + 1)).isFalse();
        long other = granted(open().claim("t", "a", 1, LONG));
        assertThat(other).as("another scope").isNotEqualTo(token);
        assertThat(open().bury("t", "a", other, LONG)).isTrue();
        assertThat(open().claim("t", "a", 1, LONG)).isInstanceOf(Claim.Dead.class);
        open().forget("t", "a");
        assertThat(open().release("t", "a", granted(open().claim("t", "a", 1, LONG))))
                .isTrue();
        granted(open().claim("t", "a", 1, LONG));
    }

    @Test
    void aClaimEndsWithItsLease() {
        long token = granted(open().claim("s", "a", 1, Duration.ofMillis(1)));
        Awaitility.await()
                .until(() -> open().claim("s", "a", 1, Duration.ofMillis(1)) instanceof Claim.Granted granted
                        && granted.token() != token);
        assertThat(open().prolong("s", "a", token, LONG)).isFalse();
    }

    @Test
    void oneOfManyIsGranted() {
        AtomicInteger granted = new AtomicInteger();
        List<CompletableFuture<Void>> claims = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    if (open().claim("s", "a", 1, LONG) instanceof Claim.Granted) {
                        granted.incrementAndGet();
                    }
                }))
                .toList();
        claims.forEach(CompletableFuture::join);
        assertThat(granted).hasValue(1);
    }

    @Test
    void argumentsOfTheChildProcessComeBack() {
        CrashSpec spec = CrashSpec.handling(
                        "kafka://127.0.0.1:1", Map.of("anymq.kafka.partitions", "4"), Queue.of("q"), 7)
                .withStop(new CrashStop(CrashPoint.AFTER_DEAD_LETTER, "m1"))
                .withStore(folder.resolve("store"));
        assertThat(CrashSpec.parse(spec.arguments().toArray(String[]::new))).isEqualTo(spec);
        CrashSpec plain = spec.withOutput(Queue.of("out").unordered());
        assertThat(CrashSpec.parse(plain.arguments().toArray(String[]::new))).isEqualTo(plain);
    }
}
