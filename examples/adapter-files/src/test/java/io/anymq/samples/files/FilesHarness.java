package io.anymq.samples.files;

import io.anymq.tck.BrokerHarness;
import io.anymq.tck.Fault;
import io.anymq.tck.PlainClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of its own. There is no broker that could be killed; consumers are, in processes of their own. */
final class FilesHarness implements BrokerHarness {
    private final Path root = Files.createTempDirectory("anymq-files");

    FilesHarness() throws IOException {}

    @Override
    public String name() {
        return "files";
    }

    @Override
    public String url() {
        return "files:" + root;
    }

    @Override
    public PlainClient plain() {
        return new FilesPlainClient(root);
    }

    @Override
    public Set<Fault> faults() {
        return Set.of(Fault.CONSUMER_CRASH);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : innermostFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
