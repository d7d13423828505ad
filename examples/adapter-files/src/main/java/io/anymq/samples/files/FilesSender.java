package io.anymq.samples.files;

import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.BatchingSender;
import io.anymq.spi.support.KeyLane;
import io.anymq.spi.support.VendorErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Appends to the lanes of one address; what has come together shares one file and one sync for each lane. */
final class FilesSender extends BatchingSender {
    /** A file is read as a whole. */
    private static final long ENOUGH_BYTES = 8 << 20;

    private final Path folder;
    private final boolean sync;
    private final List<Journal> lanes = new ArrayList<>();
    private int next;

    FilesSender(String name, Path folder, int laneCount, boolean sync) {
        super(name, Journal.MOST_PER_FILE, ENOUGH_BYTES);
        this.folder = folder;
        this.sync = sync;
        for (int lane = 0; lane < laneCount; lane++) {
            lanes.add(new Journal(FilesNames.lane(folder, lane)));
        }
        start();
    }

    @Override
    protected void sendBatch(List<OutboundMessage> batch) {
        TreeMap<Integer, List<OutboundMessage>> byLane = new TreeMap<>();
        for (OutboundMessage message : batch) {
            if (message.storedAs().isEmpty()) {
                byLane.computeIfAbsent(laneOf(message), none -> new ArrayList<>())
                        .add(message);
            } else {
                message.rejected(VendorErrors.unknownForm("a folder", message.storedAs()));
            }
        }
        byLane.forEach(this::append);
    }

    private int laneOf(OutboundMessage message) {
        String key = message.key();
        int lane = key == null ? Math.floorMod(next++, lanes.size()) : KeyLane.of(key, lanes.size());
        return message.lane() >= 0 ? message.lane() : lane;
    }

    private void append(int number, List<OutboundMessage> messages) {
        Journal lane = lanes.get(number);
        try (FileLocks.Held lock = lane.lock()) {
            lane.append(messages, sync);
        } catch (IOException e) {
            MessagingException error = FilesTranslator.error("sending to " + folder, e);
            messages.forEach(message -> message.rejected(error));
            return;
        }
        try {
            if (sync) {
                lane.syncNames();
            }
        } catch (IOException e) {
            // receivers see them already
            MessagingException error = FilesTranslator.error("syncing " + folder, e);
            messages.forEach(message -> message.unknown(error));
            return;
        }
        messages.forEach(message -> message.confirmed(null));
    }
}
