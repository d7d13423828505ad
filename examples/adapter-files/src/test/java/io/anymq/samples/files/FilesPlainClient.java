package io.anymq.samples.files;


import io.anymq.tck.PlainClient;
import io.anymq.tck.PlainMessage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Reads and writes the files by their documented form, without the adapter's code. */
final class FilesPlainClient implements PlainClient {
    private final Path root;

    FilesPlainClient(Path root) {
        this.root = root;
    }

    @Override
    public List<PlainMessage> read(String queue, int expected, Duration bound) throws IOException {
        long end = System.nanoTime() + bound.toNanos();
        List<PlainMessage> found = all(queue);
        while (found.size() < expected && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(5_000_000);
            found = all(queue);
        }
        return found;
    }

    private List<PlainMessage> all(String queue) throws IOException {
        Path folder = root.resolve("queues").resolve(queue);
        List<PlainMessage> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            List<Path> logs = new ArrayList<>();
            collect(folder, logs);
            Collections.sort(logs);
            for (Path log : logs) {
                readAll(log, found);
            }
        }
        return found;
    }

    /** Asks no file for its attributes: a new one may be given its name at this moment. */
    private static void collect(Path folder, List<Path> logs) throws IOException {
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
            for (Path each : inside) {
                if (each.toString().endsWith(".messages")) {
                    logs.add(each);
                } else if (Files.isDirectory(each)) {
                    collect(each, logs);
                }
            }
        }
    }

    private static void readAll(Path file, List<PlainMessage> found) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            while (true) {
                found.add(message(in, in.readInt()));
            }
        } catch (EOFException e) {
            // the end: a file appears as a whole
            return;
        }
    }

    private static PlainMessage message(DataInputStream in, int headerCount) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int left = headerCount; left > 0; left--) {
            headers.put(in.readUTF(), in.readUTF());
        }
        byte[] body = in.readNBytes(in.readInt());
        String id = headers.remove("mq-id");
        String key = headers.remove("mq-key");
        String contentType = headers.remove("mq-content-type");
        headers.keySet().removeAll(List.of("mq-sent-at", "mq-deliver-at"));
        return new PlainMessage(id, key, body, contentType, headers);
    }

    @Override
    public void send(String queue, PlainMessage message) throws IOException {
        Map<String, String> headers = new HashMap<>(message.headers());
        putIfSet(headers, "mq-id", message.id());
        putIfSet(headers, "mq-key", message.key());
        putIfSet(headers, "mq-content-type", message.contentType());
        Path lane = root.resolve("queues").resolve(queue).resolve("lane-0");
        Path unnamed = lane.resolve("unnamed");
        try (FileChannel lockFile = FileChannel.open(
                        lane.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lockFile.lock()) {
            try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(unnamed))) {
                out.writeInt(headers.size());
                for (Map.Entry<String, String> header : headers.entrySet()) {
                    out.writeUTF(header.getKey());
                    out.writeUTF(header.getValue());
                }
                out.writeInt(message.body().length);
                out.write(message.body());
            }
            Files.move(unnamed, lane.resolve("%020d.messages".formatted(next(lane))));
        }
    }

    private static void putIfSet(Map<String, String> headers, String name, String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    private static long next(Path lane) throws IOException {
        try (Stream<Path> files = Files.list(lane)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".messages"))
                    .mapToLong(name -> Long.parseLong(name.substring(0, 20)) + 1)
                    .max()
                    .orElse(0);
        }
    }
}
