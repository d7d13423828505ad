package io.anymq.samples.files;


import io.anymq.tck.PlainClient;
import io.anymq.tck.PlainMessage;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

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
            try (Stream<Path> files = Files.walk(folder, 2)) {
                List<Path> logs = files.filter(file -> file.toString().endsWith(".log"))
                        .sorted()
                        .toList();
                for (Path log : logs) {
                    readAll(log, found);
                }
            }
        }
        return found;
    }

    private static void readAll(Path log, List<PlainMessage> found) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(log))) {
            while (true) {
                int length = in.readInt();
                int checksum = in.readInt();
                byte[] payload = in.readNBytes(length);
                if (payload.length < length || crc(payload) != checksum) {
                    return;
                }
                found.add(message(new DataInputStream(new java.io.ByteArrayInputStream(payload))));
            }
        } catch (EOFException e) {
            // the end, or a message that is being written
            return;
        }
    }

    private static PlainMessage message(DataInputStream in) throws IOException {
        String id = in.readUTF();
        boolean keyed = in.readBoolean();
        String key = in.readUTF();
        String contentType = in.readUTF();
        Map<String, String> headers = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            headers.put(in.readUTF(), in.readUTF());
        }
        in.readLong();
        in.readLong();
        return new PlainMessage(id, keyed ? key : null, in.readNBytes(in.readInt()), contentType, headers);
    }

    private static int crc(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload);
        return (int) crc.getValue();
    }

    @Override
    public void send(String queue, PlainMessage message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(message.id() == null ? "" : message.id());
            out.writeBoolean(message.key() != null);
            out.writeUTF(message.key() == null ? "" : message.key());
            out.writeUTF(message.contentType() == null ? "" : message.contentType());
            out.writeInt(message.headers().size());
            for (Map.Entry<String, String> header : message.headers().entrySet()) {
                out.writeUTF(header.getKey());
                out.writeUTF(header.getValue());
            }
            out.writeLong(0);
            out.writeLong(0);
            out.writeInt(message.body().length);
            out.write(message.body());
        }
        byte[] payload = bytes.toByteArray();
        ByteBuffer frame = ByteBuffer.allocate(8 + payload.length)
                .putInt(payload.length)
                .putInt(crc(payload))
                .put(payload)
                .flip();
        Path lane = root.resolve("queues").resolve(queue).resolve("lane-0");
        Path log;
        try (Stream<Path> files = Files.list(lane)) {
            log = files.filter(file -> file.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElse(lane.resolve("%020d.log".formatted(0)));
        }
        try (FileChannel lockFile = FileChannel.open(
                        lane.resolve("append.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lockFile.lock();
                FileChannel channel =
                        FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            channel.write(frame);
        }
    }

}
