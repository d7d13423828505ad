package io.anymq.samples.files;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.support.Declaration;
import io.anymq.spi.support.OffsetRanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates and checks the folders. Thread-safe. */
final class FilesProvisioner {
    private static final String COMPLETE = "complete";

    private final Path root;
    private final FilesConfig config;

    FilesProvisioner(Path root, FilesConfig config) {
        this.root = root;
        this.config = config;
    }

    void provision(Address address, ProvisionMode mode) {
        if (mode == ProvisionMode.NONE) {
            return;
        }
        try {
            if (mode == ProvisionMode.CREATE) {
                create(address);
            }
            int lanes = lanes(address);
            compare(address);
            if (address.ordering() == Ordering.TOTAL && lanes != 1) {
                throw new MessagingException(
                        ErrorCode.MISMATCH,
                        address + " must have one lane to be in total order, but was created with " + lanes
                                + ": use another name, or delete " + FilesNames.messages(root, address));
            }
        } catch (IOException e) {
            throw FilesTranslator.error("provisioning " + address, e);
        }
    }

    private void create(Address address) throws IOException {
        Path messages = FilesNames.messages(root, address);
        Path reader = FilesNames.reader(root, address);
        try (FileLocks.Held lock = FileLocks.lock(root.resolve("provisioning"))) {
            compare(address);
            if (!isComplete(messages)) {
                for (int lane = 0; lane < lanesWanted(address); lane++) {
                    Files.createDirectories(FilesNames.lane(messages, lane));
                }
                Declaration declared = Declaration.of(address, null);
                Files.writeString(messages.resolve(COMPLETE), declared == null ? "" : declared.text());
            }
            if (address instanceof Address.OfTopic || isComplete(reader)) {
                return;
            }
            boolean now = address instanceof Address.OfSubscription of
                    && of.subscription().start() == StartPosition.NOW;
            for (int lane = 0; lane < lanes(messages); lane++) {
                Path state = Files.createDirectories(FilesNames.lane(reader, lane));
                if (now) {
                    long next = new Journal(FilesNames.lane(messages, lane)).newest() + 1;
                    new Settled(next * Journal.MOST_PER_FILE, new OffsetRanges()).write(state);
                }
            }
            Files.createFile(reader.resolve(COMPLETE));
        }
    }

    /** How a queue or topic was declared is in the file that says that it is complete. A name is one of them. */
    private void compare(Address address) throws IOException {
        if (address instanceof Address.Redelivery) {
            return;
        }
        for (Path folder : FilesNames.ofTheName(root, address)) {
            if (isComplete(folder)) {
                Declaration.parse(Files.readString(folder.resolve(COMPLETE)))
                        .ifPresent(declared -> declared.requireAgreement(address, folder.toString()));
            }
        }
    }

    private int lanesWanted(Address address) {
        return address instanceof Address.Redelivery redelivery
                ? redelivery.lanes()
                : address.ordering() == Ordering.TOTAL ? 1 : config.lanes();
    }

    /** Made last, so that a process that dies leaves nothing that looks finished. */
    private static boolean isComplete(Path folder) {
        return Files.exists(folder.resolve(COMPLETE));
    }

    /**
     * The number of lanes {@code address} was created with. All processes use as many, whatever their own configuration
     * says, because another number would move keys to other lanes.
     */
    int lanes(Address address) {
        Path messages = FilesNames.messages(root, address);
        boolean read = address instanceof Address.OfTopic || isComplete(FilesNames.reader(root, address));
        if (!isComplete(messages) || !read) {
            throw new MessagingException(
                    ErrorCode.NOT_FOUND,
                    address + " does not exist under " + root + ": create it with anymq.provision=create");
        }
        return lanes(messages);
    }

    private static int lanes(Path messages) {
        int lanes = 0;
        while (Files.exists(FilesNames.lane(messages, lanes))) {
            lanes++;
        }
        return lanes;
    }
}
