package io.anymq.brokers;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A memory file system in a mount namespace of its own, which a waiting process keeps. Mounting takes no privilege
 * there, nothing is mounted for anybody else, and all goes with the last process inside, however that ends.
 */
final class MemoryDisk implements BrokerDisk {
    private static final String BALLAST = "filled-from-outside";
    private static final int PAGE = 4096;
    private static final int BLOCK = 1 << 20;
    private static final long SECONDS = 10;
    private static final String MOUNTED = "mounted";

    private final OwnedProcess keeper;
    private final Path seenFromHere;

    private MemoryDisk(OwnedProcess keeper, Path folder) {
        this.keeper = keeper;
        this.seenFromHere = Path.of("/proc/" + keeper.pid() + "/root" + folder.toAbsolutePath());
    }

    /** Why none can be had here, or empty if one can. */
    static Optional<String> obstacle() {
        if (!new File("/proc/self/ns/mnt").exists()) {
            return Optional.of("a disk of its own requires Linux with namespaces");
        }
        try {
            Process attempt = new ProcessBuilder("unshare", "-U", "-r", "-m", "nsenter", "--version")
                    .redirectErrorStream(true)
                    .start();
            attempt.getOutputStream().close();
            String said = new String(attempt.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!attempt.waitFor(SECONDS, TimeUnit.SECONDS)) {
                attempt.destroyForcibly();
                return Optional.of("a disk of its own requires a namespace, but unshare did not create one within" + " "
                        + SECONDS + " s");
            }
            return attempt.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("a disk of its own requires a namespace, which this user is not permitted to create"
                            + " (" + said
                            + "); allow user namespaces (sysctl user.max_user_namespaces, a container's"
                            + " seccomp profile)");
        } catch (IOException e) {
            return Optional.of("a disk of its own requires unshare and nsenter of util-linux: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalBrokerException("interrupted while checking for namespaces", e);
        }
    }

    /** Mounts it on this folder, which is made; only processes that {@link #enter} see it there. */
    static MemoryDisk mount(Path folder, long bytes) {
        try {
            Files.createDirectories(folder);
            OwnedProcess keeper = OwnedProcess.start(new ProcessBuilder(
                            "unshare",
                            "-U",
                            "-r",
                            "-m",
                            "/bin/sh",
                            "-c",
                            "mount -t tmpfs -o size=" + bytes + " tmpfs \"$0\" && echo " + MOUNTED + " && exec cat",
                            folder.toString())
                    .redirectErrorStream(true));
            // The keeper ends with its standard input, that is, with this JVM at the latest; so nothing here can block.
            BufferedReader says = new BufferedReader(
                    new InputStreamReader(keeper.process().getInputStream(), StandardCharsets.UTF_8));
            String line = says.readLine();
            if (!MOUNTED.equals(line)) {
                keeper.kill();
                throw new LocalBrokerException("could not mount a file system on " + folder + ": " + line);
            }
            return new MemoryDisk(keeper, folder);
        } catch (IOException e) {
            throw new LocalBrokerException("could not mount a file system on " + folder + ": " + e, e);
        }
    }

    /** Words before a command that run it where the disk is; they become it and are no process of their own. */
    List<String> enter() {
        return List.of("nsenter", "-t", Long.toString(keeper.pid()), "-U", "-m", "--preserve-credentials");
    }

    void unmount() {
        keeper.kill();
    }

    private FileStore store() throws IOException {
        return Files.getFileStore(seenFromHere);
    }

    @Override
    public long size() {
        try {
            return store().getTotalSpace();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public long free() {
        try {
            return store().getUsableSpace();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private LocalBrokerException unreadable(IOException e) {
        return new LocalBrokerException("could not inspect the broker's disk: " + e, e);
    }

    @Override
    public synchronized void fillUpTo(long left) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        try (FileChannel ballast = FileChannel.open(
                seenFromHere.resolve(BALLAST),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)) {
            for (long more = free() - left; more >= PAGE; more = free() - left) {
                block.clear().limit((int) Math.min(BLOCK, more / PAGE * PAGE));
                ballast.write(block);
            }
        } catch (IOException e) {
            // The broker writes at the same time, and may have been quicker to take the last pages.
            if (free() > left) {
                throw new LocalBrokerException("could not fill the broker's disk: " + e, e);
            }
        }
    }

    @Override
    public synchronized void makeRoom() {
        try {
            Files.deleteIfExists(seenFromHere.resolve(BALLAST));
        } catch (IOException e) {
            throw new LocalBrokerException("could not free space on the broker's disk: " + e, e);
        }
    }
}
