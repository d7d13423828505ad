package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("disk")
@Timeout(60)
class MemoryDiskTest {
    private static final long SIZE = 4L << 20;

    @TempDir
    Path folder;

    private String run(MemoryDisk disk, String script) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(disk.enter());
        command.addAll(List.of("/bin/sh", "-c", script, folder.resolve("data").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return said + "exit " + process.exitValue();
    }

    @Test
    void isSeenByThoseWhoEnterAloneAndKeepsWhatTheyWrite() throws Exception {
        assertThat(MemoryDisk.obstacle()).isEmpty();
        Path data = folder.resolve("data");
        MemoryDisk disk = MemoryDisk.mount(data, SIZE);
        try {
            assertThat(disk.size()).isEqualTo(SIZE);
            assertThat(disk.free()).isEqualTo(SIZE);
            assertThat(run(disk, "echo kept > \"$0\"/file")).isEqualTo("exit 0");
            assertThat(run(disk, "cat \"$0\"/file")).isEqualTo("kept\nexit 0");
            assertThat(data.resolve("file")).doesNotExist();
            assertThat(disk.free()).isEqualTo(SIZE - 4096);
        } finally {
            disk.unmount();
        }
        assertThat(data).isEmptyDirectory();
        assertThatThrownBy(disk::free).isInstanceOf(LocalBrokerException.class);
    }

    @Test
    void isFullToTheLastByteAndTakesMoreOnceThereIsRoom() throws Exception {
        MemoryDisk disk = MemoryDisk.mount(folder.resolve("data"), SIZE);
        try {
            disk.fillUpTo(1 << 20);
            assertThat(disk.free()).isEqualTo(1 << 20);
            assertThat(run(disk, "head -c 4096 /dev/zero > \"$0\"/file")).isEqualTo("exit 0");
            disk.fillUpTo(0);
            disk.fillUpTo(0);
            assertThat(disk.free()).isZero();
            assertThat(run(disk, "echo more >> \"$0\"/file")).endsWith("exit 1");
            disk.makeRoom();
            disk.makeRoom();
            assertThat(disk.free()).isEqualTo(SIZE - 4096);
            assertThat(run(disk, "echo more >> \"$0\"/file")).isEqualTo("exit 0");
        } finally {
            disk.unmount();
        }
    }

    @Test
    void isGoneWithItsOwner() throws Exception {
        try (ChildJvm owner = ChildJvm.of(DiskOwnerMain.class)
                .args(folder.resolve("data").toString())
                .start()) {
            String line = owner.awaitLine("keeper", Duration.ofSeconds(30));
            long keeper = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            assertThat(LocalProcessContract.exists(keeper)).isTrue();
            owner.kill();
            await().until(() -> !LocalProcessContract.exists(keeper));
        }
    }

    @Test
    void whereSomebodyElseRunsTheBrokerItIsRefused() {
        BrokerOptions options = BrokerOptions.defaults().withDiskBytes(SIZE);
        assertThatThrownBy(() -> options.withDiskBytes(1)).hasMessageContaining("at least 1 MiB");
        assertThatThrownBy(() -> LocalBrokers.start(
                        BrokerKind.KAFKA,
                        options.withExternalUrl("kafka://127.0.0.1:1").withVia(Via.EXTERNAL)))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("disk of its own");
        assertThatThrownBy(() -> LocalBrokers.start(BrokerKind.KAFKA, options.withVia(Via.TESTCONTAINERS)))
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("only supported for a process");
        assertThat(Files.exists(folder.resolve("data"))).isFalse();
    }
}
