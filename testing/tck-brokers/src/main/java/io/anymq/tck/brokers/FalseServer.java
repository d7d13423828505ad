package io.anymq.tck.brokers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Stands where a client expects its broker, and keeps what clients say to it: encrypted bytes as they are, and those
 * that a client encrypted for it. It never answers. Thread-safe.
 */
final class FalseServer implements AutoCloseable {
    private final ServerSocket socket;
    private final @Nullable SSLContext tls;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final List<Socket> clients = new CopyOnWriteArrayList<>();

    private FalseServer(@Nullable SSLContext tls) throws IOException {
        this.tls = tls;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("false-server", this::accept);
    }

    /** A server that shows the certificate of {@code keyStore}. */
    static FalseServer withCertificate(Path keyStore) throws IOException, GeneralSecurityException {
        char[] password = Certificates.PASSWORD.toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, password);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return new FalseServer(context);
    }

    /** A server that does not speak TLS. */
    static FalseServer plain() throws IOException {
        return new FalseServer(null);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** The bytes of all clients so far, decrypted if this server could. */
    byte[] heard() {
        synchronized (heard) {
            return heard.toByteArray();
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                clients.add(client);
                start("false-server-client", () -> listenTo(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void listenTo(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            if (tls != null) {
                SSLSocket secured =
                        (SSLSocket) tls.getSocketFactory().createSocket(client, "client", client.getPort(), true);
                secured.setUseClientMode(false);
                in = secured.getInputStream();
            }
            byte[] buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                synchronized (heard) {
                    heard.write(buffer, 0, count);
                }
            }
        } catch (IOException e) {
            // the client has hung up, which the tests want it to
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : clients) {
            client.close();
        }
    }
}
