package io.anymq.brokers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The temporary folder of one broker. A file in it names the owning JVM, so that the next start can remove what a
 * killed JVM left behind.
 */
final class InstanceFolder {
    private static final String OWNER_FILE = "owner";

    /** Containers that share a folder do not see each other's processes. */
    private static final String NAMESPACE = namespace();

    private final Path path;

    private InstanceFolder(Path path) {
        this.path = path;
    }

    static InstanceFolder create(@Nullable Path parent, String prefix) {
        Path folder = Folders.temporary(parent, prefix);
        removeOrphans(folder.resolveSibling("."), prefix);
        Folders.write(folder.resolve(OWNER_FILE), identity(ProcessHandle.current()));
        return new InstanceFolder(folder);
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    Path path() {
        return path;
    }

    void delete() {
        Folders.delete(path);
    }

    /** Keeps everything but the broker's data permanently. */
    void keepLogs(Path data) {
        Folders.delete(data);
        Folders.delete(path.resolve(OWNER_FILE));
    }

    /** The id alone would not do: by then it may belong to another process. */
    private static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Object::toString).orElse("unknown") + " " + NAMESPACE;
    }

    private static String namespace() {
        Path link = Path.of("/proc/self/ns/pid");
        try {
            return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link).toString() : "host";
        } catch (IOException e) {
            return "unreadable";
        }
    }

    private static void removeOrphans(Path parent, String prefix) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, prefix + "*")) {
            for (Path folder : folders) {
                if (isOrphan(folder.resolve(OWNER_FILE))) {
                    Folders.delete(folder);
                }
            }
        } catch (IOException | LocalBrokerException e) {
            // Another JVM may be removing the same folder; the rest is removed at the next start.
            Console.line("could not remove all leftover folders in " + parent.normalize() + ": " + e.getMessage());
        }
    }

    private static boolean isOrphan(Path ownerFile) throws IOException {
        if (!Files.isRegularFile(ownerFile)) {
            return false;
        }
        String owner = Files.readString(ownerFile);
        int space = owner.indexOf(' ');
        // Either its owner is still writing it, or its owner cannot be seen from here.
        if (space < 1 || !owner.endsWith(NAMESPACE)) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(owner.substring(0, space)));
        return process.filter(ProcessHandle::isAlive)
                .map(InstanceFolder::identity)
                .filter(owner::equals)
                .isEmpty();
    }
}
