package io.anymq.samples.files;

import io.anymq.Queue;
import io.anymq.spi.Address;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which folder belongs to which address. Portable names need no escaping. */
final class FilesNames {
    private FilesNames() {}

    /** Where the messages of {@code address} are. */
    static Path messages(Path root, Address address) {
        if (address instanceof Address.OfQueue of) {
            return root.resolve("queues").resolve(of.queue().name());
        }
        if (address instanceof Address.OfTopic of) {
            return root.resolve("topics").resolve(of.topic().name());
        }
        if (address instanceof Address.OfSubscription of) {
            return messages(root, of.topic());
        }
        Address.Redelivery back = (Address.Redelivery) address;
        return root.resolve(back.source() instanceof Queue ? "redelivery/queues" : "redelivery/topics")
                .resolve(back.source().path());
    }

    /** Where a queue and a topic of the address's name are, or would be. */
    static List<Path> ofTheName(Path root, Address address) {
        String name = messages(root, address).getFileName().toString();
        return List.of(
                root.resolve("queues").resolve(name), root.resolve("topics").resolve(name));
    }

    /** Where the settlements of the consumers of {@code address} are; a queue has one set of them. */
    static Path reader(Path root, Address address) {
        String name = address instanceof Address.OfSubscription of ? of.subscription().name() : "queue";
        return messages(root, address).resolve("readers").resolve(name);
    }

    /** The part of a lane in the folder of the messages or of a reader. */
    static Path lane(Path folder, int lane) {
        return folder.resolve("lane-" + lane);
    }

    /** The entries of a folder whose names match. */
    static List<Path> in(Path folder, String names) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, names)) {
            entries.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }
}
