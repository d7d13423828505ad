package io.anymq.samples.files;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates and checks the folders. Thread-safe. */
final class FilesProvisioner {
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
            Path messages = FilesNames.messages(root, address);
            Layout there = Layout.read(messages);
            if (there == null) {
                if (mode == ProvisionMode.VALIDATE) {
                    throw notFound(address);
                }
                there = Layout.create(messages, new Layout(address.ordering(), lanes(address)));
            }
            if (address.ordering() == Ordering.TOTAL && there.lanes() != 1) {
                throw new MessagingException(
                        ErrorCode.MISMATCH,
                        address + " is to have one order and was created with " + there.lanes()
                                + " lanes: use another name, or delete " + messages);
            }
            if (!(address instanceof Address.OfTopic)) {
                provisionReader(address, messages, there, mode);
            }
        } catch (IOException e) {
            throw FilesTranslator.error("provisioning " + address, e);
        }
    }

    private int lanes(Address address) {
        return address instanceof Address.Redelivery redelivery
                ? redelivery.lanes()
                : address.ordering() == Ordering.TOTAL ? 1 : config.lanes();
    }

    private void provisionReader(Address address, Path messages, Layout layout, ProvisionMode mode) throws IOException {
        Path reader = FilesNames.reader(root, address);
        if (Files.isDirectory(reader)) {
            return;
        }
        if (mode == ProvisionMode.VALIDATE) {
            throw notFound(address);
        }
        boolean now = address instanceof Address.OfSubscription of
                && of.subscription().start() == StartPosition.NOW;
        Path unfinished = Files.createTempDirectory(Files.createDirectories(reader.getParent()), ".new");
        for (int lane = 0; lane < layout.lanes(); lane++) {
            Path folder = FilesNames.lane(messages, lane);
            try (Journal journal = new Journal(folder);
                    Appending lock = Appending.lock(folder)) {
                Settlements.write(unfinished, lane, now ? journal.end() : journal.start(), "");
            }
        }
        try {
            Files.move(unfinished, reader);
        } catch (IOException e) {
            if (!Files.isDirectory(reader)) {
                throw e;
            }
        }
    }

    /** How {@code address} was created. */
    Layout layout(Address address) {
        try {
            Layout layout = Layout.read(FilesNames.messages(root, address));
            boolean readerMissing =
                    !(address instanceof Address.OfTopic) && !Files.isDirectory(FilesNames.reader(root, address));
            if (layout == null || readerMissing) {
                throw notFound(address);
            }
            return layout;
        } catch (IOException e) {
            throw FilesTranslator.error("opening " + address, e);
        }
    }

    private MessagingException notFound(Address address) {
        return new MessagingException(
                ErrorCode.NOT_FOUND,
                address + " does not exist under " + root + ": create it with anymq.provision=create");
    }
}
