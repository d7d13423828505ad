package io.anymq.samples.files.bench;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;

/** Files in a folder: every setting of both arms. */
public final class FilesUnderTest implements BrokerUnderTest {
    private static final String LANES = "4";

    /** For {@link java.util.ServiceLoader}. */
    public FilesUnderTest() {}

    @Override
    public String name() {
        return "files";
    }

    @Override
    public String title() {
        return "Files (sample)";
    }

    @Override
    public String rawTitle() {
        return "plain files, appended to and read by java.nio";
    }

    @Override
    public String embeddedUrl() {
        try {
            return "files:" + Files.createTempDirectory("anymq-bench-files");
        } catch (IOException e) {
            throw new UncheckedIOException("there is no room for a folder of messages", e);
        }
    }

    @Override
    public String embeddedAs() {
        return "folder";
    }

    @Override
    public void release(String url) throws IOException {
        Files.walkFileTree(folder(url), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes unused) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static Path folder(String url) {
        return Path.of(url.substring("files:".length()));
    }

    @Override
    public Map<String, String> anymqSettings(Durability durability) {
        return Map.of("anymq.files.lanes", LANES, "anymq.files.sync", sync(durability));
    }

    @Override
    public Map<String, String> vendorSettings(Durability durability) {
        return Map.of("sync", sync(durability));
    }

    private static String sync(Durability durability) {
        return String.valueOf(durability == Durability.POWER);
    }

    @Override
    public List<Setting> parity() {
        return List.of(
                Setting.both("streams", LANES + ", a key always in the same one"),
                Setting.both("sync", "before the confirm for durability power, never for process"),
                new Setting(
                        "writes",
                        "what has come together is one file, at most 1,000 messages; synced with its name",
                        "what has come together is one write to an open file, at most 1,000 messages"),
                Setting.both("an idle reader looks again", "after 5 ms"),
                new Setting("settled", "ranges, saved every 100 ms", "the position of the first that is not, likewise"),
                new Setting("order", "per key, on the consumer's handler pool", "per key, a thread for each stream"),
                new Setting(
                        "retry, dead letter", "default policies: 5 attempts, then dead letter", "none (no handler fails)"));
    }

    @Override
    public String guarantee(Durability durability) {
        return durability == Durability.POWER
                ? "A confirmed message survives a power cut: it was forced to the disk."
                : "A confirmed message survives the death of every process: the operating system has it.";
    }

    @Override
    public Arm rawArm() {
        return new RawFilesArm(Integer.parseInt(LANES));
    }
}
