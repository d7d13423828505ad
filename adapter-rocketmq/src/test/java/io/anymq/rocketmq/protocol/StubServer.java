package io.anymq.rocketmq.protocol;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;

/** Name server and broker in one, on a loopback socket. It answers as a test says, down to the single byte. */
public final class StubServer implements AutoCloseable {
    public static final String BROKER = "stub";

    /** Answers a request, or does not. */
    public interface Behaviour {
        void answer(RemotingCommand request, Peer client) throws IOException;
    }

    /** A connected client. */
    public static final class Peer {
        private final Socket socket;

        private Peer(Socket socket) {
            this.socket = socket;
        }

        public void reply(RemotingCommand request, int code, String remark, byte[] body) throws IOException {
            write(response(request, code, remark, body));
        }

        /** A response without a body that says these things in its header. */
        public void reply(RemotingCommand request, int code, Map<String, String> fields) throws IOException {
            RemotingCommand response = RemotingCommand.createResponseCommand(code, null);
            response.setOpaque(request.getOpaque());
            fields.forEach(response::addExtField);
            write(bytes(response));
        }

        /** A request of the server's own. */
        void ask(int code) throws IOException {
            write(bytes(RemotingCommand.createRequestCommand(code, null)));
        }

        void write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        void hangUp() throws IOException {
            socket.close();
        }
    }

    private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final Map<Integer, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final AtomicInteger ended = new AtomicInteger();

    public StubServer() throws IOException {
        on(RequestCode.GET_BROKER_CLUSTER_INFO, (request, client) -> client.reply(request, 0, null, cluster()));
        start(this::accept);
    }

    public String address() {
        return listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
    }

    public void on(int requestCode, Behaviour behaviour) {
        behaviours.put(requestCode, behaviour);
    }

    /** How many connections there were. */
    int connections() {
        return peers.size();
    }

    /** How many of them the client has ended. */
    int ended() {
        return ended.get();
    }

    /** The whole frame of a response. */
    static byte[] response(RemotingCommand request, int code, String remark, byte[] body) {
        RemotingCommand response = RemotingCommand.createResponseCommand(code, remark);
        response.setOpaque(request.getOpaque());
        response.setBody(body);
        return bytes(response);
    }

    private static byte[] bytes(RemotingCommand command) {
        ByteBuffer encoded = command.encode();
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    private byte[] cluster() {
        HashMap<Long, String> addresses = new HashMap<>(Map.of(0L, address()));
        ClusterInfo cluster = new ClusterInfo();
        cluster.setBrokerAddrTable(new HashMap<>(Map.of(BROKER, new BrokerData("c", BROKER, addresses))));
        return cluster.encode();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "stub-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Peer peer = new Peer(listener.accept());
                peers.add(peer);
                start(() -> serve(peer));
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Peer peer) {
        try (DataInputStream in = new DataInputStream(peer.socket.getInputStream())) {
            while (true) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                RemotingCommand request = RemotingCommand.decode(frame);
                Behaviour behaviour = behaviours.get(request.getCode());
                if (behaviour != null) {
                    behaviour.answer(request, peer);
                }
            }
        } catch (EOFException | SocketException over) {
            ended.incrementAndGet();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Peer peer : peers) {
            peer.hangUp();
        }
    }
}
