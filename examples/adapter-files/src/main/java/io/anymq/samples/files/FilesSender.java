package io.anymq.samples.files;

import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.BatchingSender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Appends to the lanes of one address; all that has come together shares one write and one sync for each lane. */
final class FilesSender extends BatchingSender {
    private static final int MOST_AT_ONCE = 1_000;

    private final String what;
    private final Layout layout;
    private final FilesConfig config;
    private final List<Path> folders = new ArrayList<>();
    private final List<Journal> journals = new ArrayList<>();
    private int next;

    FilesSender(String name, String what, Path messages, Layout layout, FilesConfig config) {
        super(name, MOST_AT_ONCE);
        this.what = what;
        this.layout = layout;
        this.config = config;
        for (int lane = 0; lane < layout.lanes(); lane++) {
            folders.add(FilesNames.lane(messages, lane));
            journals.add(new Journal(folders.get(lane)));
        }
        start();
    }

    @Override
    protected void sendBatch(List<OutboundMessage> batch) {
        TreeMap<Integer, List<OutboundMessage>> byLane = new TreeMap<>();
        for (OutboundMessage message : batch) {
            int lane = message.lane() >= 0 ? message.lane() : layout.laneOf(message.key(), next++);
            byLane.computeIfAbsent(lane, none -> new ArrayList<>()).add(message);
        }
        byLane.forEach(this::append);
    }

    private void append(int lane, List<OutboundMessage> messages) {
        try (Appending lock = Appending.lock(folders.get(lane))) {
            journals.get(lane)
                    .append(messages.stream().map(Frame::encode).toList(), config.segmentBytes(), config.sync());
        } catch (IOException e) {
            // the journal took back what it had written of them
            MessagingException error = FilesTranslator.error("sending to " + what, e);
            messages.forEach(message -> message.rejected(error));
            return;
        }
        messages.forEach(message -> message.confirmed(null));
    }

    @Override
    protected void release() {
        for (Journal journal : journals) {
            try {
                journal.close();
            } catch (IOException e) {
                FilesConnection.LOG.debug("closing a file of {}", what, e);
            }
        }
    }
}
