package io.anymq.brokers;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The two requests of RocketMQ's protocol that show whether a broker keeps what it was told. A frame is its length, the
 * length of the JSON header, the header, and the body.
 */
final class PlainRocketMq {
    private static final int LIMIT_MILLIS = 30_000;
    private static final int CREATE_TOPIC = 17;
    private static final int GET_ALL_TOPICS = 21;

    private PlainRocketMq() {}

    /** Returns once the broker has said yes. */
    static void createTopic(String broker, String topic) throws IOException {
        ask(
                broker,
                CREATE_TOPIC,
                "\"topic\":\"" + topic + "\",\"defaultTopic\":\"TBW102\",\"readQueueNums\":\"1\","
                        + "\"writeQueueNums\":\"1\",\"perm\":\"6\",\"topicFilterType\":\"SINGLE_TAG\","
                        + "\"topicSysFlag\":\"0\",\"order\":\"false\"");
    }

    /** The broker's table of topics, as JSON. */
    static String topics(String broker) throws IOException {
        return ask(broker, GET_ALL_TOPICS, "");
    }

    private static String ask(String address, int code, String fields) throws IOException {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            byte[] header = ("{\"code\":" + code + ",\"flag\":0,\"language\":\"JAVA\",\"opaque\":1,\"version\":493,"
                            + "\"serializeTypeCurrentRPC\":\"JSON\",\"extFields\":{" + fields + "}}")
                    .getBytes(StandardCharsets.UTF_8);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(4 + header.length);
            out.writeInt(header.length);
            out.write(header);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = in.readInt();
            int headerLength = in.readInt() & 0xFFFFFF;
            String answer = new String(in.readNBytes(headerLength), StandardCharsets.UTF_8);
            String body = new String(in.readNBytes(length - 4 - headerLength), StandardCharsets.UTF_8);
            if (!answer.contains("\"code\":0,")) {
                throw new IOException("the broker refused request " + code + ": " + answer);
            }
            return body;
        }
    }
}
