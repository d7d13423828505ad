package io.anymq.activemq;

import io.anymq.tck.ForeignMessages;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.command.ActiveMQMessage;

/** Messages of other programs: every type and header of JMS, properties of every type, and foreign groups. */
final class ActiveMqForeign implements ForeignMessages {
    /** A property that tells which one it is; a foreign one, too. */
    private static final String KIND = "kind";

    private record Kind(ActiveMqPlainClient.Making making, int priority, long timeToLive) {}

    private interface Setting {
        void on(Message message) throws JMSException;
    }

    private final ActiveMqPlainClient plain;
    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    /** What was sent, as its sender sees it. */
    private final Map<String, List<String>> sent = Collections.synchronizedMap(new HashMap<>());

    ActiveMqForeign(ActiveMqPlainClient plain) {
        this.plain = plain;
        making("text", session -> session.createTextMessage("tëxt 😀"));
        making("null text", Session::createTextMessage);
        making("bytes", ActiveMqForeign::bytes);
        making("map", ActiveMqForeign::map);
        making("stream", ActiveMqForeign::stream);
        making("object", session -> session.createObjectMessage("serialized"));
        making("no body", Session::createMessage);
        making("empty text", session -> session.createTextMessage(""));
        making("empty bytes", Session::createBytesMessage);
        making("long text", session -> session.createTextMessage("long ".repeat(20_000)));
        making("compressed text", session -> compressing(session, session.createTextMessage("compress ".repeat(100))));
        making("compressed bytes", session -> compressing(session, bytes(session)));
        making("compressed map", session -> compressing(session, map(session)));
        setting("type", message -> message.setJMSType("order.created"));
        setting("correlation id", message -> message.setJMSCorrelationID("call 7"));
        making("reply to a queue", session -> {
            Message message = session.createTextMessage("?");
            message.setJMSReplyTo(session.createQueue("answers"));
            return message;
        });
        making("reply to a topic", session -> {
            Message message = session.createTextMessage("?");
            message.setJMSReplyTo(session.createTopic("answers"));
            return message;
        });
        kinds.put("priority 0", new Kind(session -> session.createTextMessage("low"), 0, 0));
        kinds.put("priority 9", new Kind(session -> session.createTextMessage("high"), 9, 0));
        kinds.put("time to live", new Kind(session -> session.createTextMessage("old"), 4, 3_600_000));
        setting("boolean", message -> message.setBooleanProperty("p", true));
        setting("byte", message -> message.setByteProperty("p", (byte) -1));
        setting("short", message -> message.setShortProperty("p", (short) 300));
        setting("int", message -> message.setIntProperty("p", 70_000));
        setting("long", message -> message.setLongProperty("p", 1L << 40));
        setting("float", message -> message.setFloatProperty("p", 1.5f));
        setting("double", message -> message.setDoubleProperty("p", 0.1));
        setting("string", message -> message.setStringProperty("p", "wört"));
        setting("empty string", message -> message.setStringProperty("p", ""));
        setting("string of a number", message -> message.setStringProperty("p", "7"));
        setting("all properties", message -> {
            message.setIntProperty("count", 3);
            message.setBooleanProperty("urgent", false);
            message.setDoubleProperty("price", -2.25);
            message.setStringProperty("text", "7");
        });
        setting("group", message -> message.setStringProperty("JMSXGroupID", "customer-7"));
        setting("key", message -> message.setStringProperty("mq-key", "kéy"));
        setting("key of a number", message -> message.setLongProperty("mq-key", 42));
    }

    private void making(String kind, ActiveMqPlainClient.Making making) {
        kinds.put(kind, new Kind(making, Message.DEFAULT_PRIORITY, 0));
    }

    private void setting(String kind, Setting setting) {
        making(kind, session -> {
            Message message = session.createTextMessage(kind);
            setting.on(message);
            return message;
        });
    }

    private static Message compressing(Session session, Message message) {
        ((ActiveMQSession) session).getConnection().setUseCompression(true);
        return message;
    }

    private static Message bytes(Session session) throws JMSException {
        BytesMessage bytes = session.createBytesMessage();
        bytes.writeBytes(new byte[] {-1, 0, 1, -128});
        return bytes;
    }

    private static Message map(Session session) throws JMSException {
        MapMessage map = session.createMapMessage();
        map.setInt("count", 3);
        map.setString("name", "x");
        map.setBytes("bytes", new byte[] {-1});
        map.setBoolean("yes", true);
        return map;
    }

    private static Message stream(Session session) throws JMSException {
        StreamMessage stream = session.createStreamMessage();
        stream.writeLong(7);
        stream.writeString("x");
        stream.writeDouble(0.5);
        return stream;
    }

    @Override
    public List<String> kinds() {
        return List.copyOf(kinds.keySet());
    }

    @Override
    public void store(String queue, String kind) throws Exception {
        Kind one = kinds.get(kind);
        ActiveMQMessage[] message = new ActiveMQMessage[1];
        plain.send(
                queue,
                session -> {
                    message[0] = (ActiveMQMessage) one.making.make(session);
                    message[0].setStringProperty(KIND, kind);
                    return message[0];
                },
                one.priority,
                one.timeToLive);
        ActiveMQMessage asReceived = (ActiveMQMessage) message[0].copy();
        if (asReceived instanceof BytesMessage bytes) {
            bytes.reset();
        } else if (asReceived instanceof StreamMessage stream) {
            stream.reset();
        }
        sent.put(kind, described(asReceived));
    }

    @Override
    public Map<String, Integer> held(String queue) throws Exception {
        Map<String, Integer> held = new HashMap<>();
        kinds.keySet().forEach(kind -> held.put(kind, 0));
        for (ActiveMQMessage message : plain.readRaw(queue)) {
            String kind = message.getStringProperty(KIND);
            if (described(message).equals(sent.get(kind))) {
                held.merge(kind, 1, Integer::sum);
            }
        }
        return held;
    }

    private static List<String> described(ActiveMQMessage message) throws JMSException {
        String expiry = message.getStringProperty("mq-expiration");
        List<String> all = new ArrayList<>();
        all.add("class " + message.getClass().getSimpleName());
        all.add("body " + body(message));
        all.add("type " + message.getJMSType());
        all.add("correlation " + message.getJMSCorrelationID());
        all.add("reply to " + message.getJMSReplyTo());
        all.add("priority " + message.getJMSPriority());
        all.add("expires " + (expiry != null && message.getJMSExpiration() == 0 ? expiry : message.getJMSExpiration()));
        all.add("group " + (message.propertyExists("mq-key") ? null : message.getGroupID()));
        for (Object name : Collections.list((Enumeration<?>) message.getPropertyNames())) {
            String text = (String) name;
            if (!HeaderNames.isReserved(text) && (!text.startsWith("mq-") || text.equals("mq-key"))) {
                all.add("property " + described(text, message.getObjectProperty(text)));
            }
        }
        return all.stream().sorted().toList();
    }

    private static String body(Message message) throws JMSException {
        if (message instanceof TextMessage text) {
            return text.getText();
        }
        if (message instanceof BytesMessage bytes) {
            byte[] body = new byte[(int) bytes.getBodyLength()];
            bytes.readBytes(body);
            bytes.reset();
            return HexFormat.of().formatHex(body);
        }
        if (message instanceof MapMessage map) {
            Map<String, String> entries = new TreeMap<>();
            for (Object name : Collections.list((Enumeration<?>) map.getMapNames())) {
                entries.put((String) name, described((String) name, map.getObject((String) name)));
            }
            return entries.toString();
        }
        if (message instanceof StreamMessage stream) {
            String all = described("1", stream.readObject())
                    + described("2", stream.readObject())
                    + described("3", stream.readObject());
            stream.reset();
            return all;
        }
        return HexFormat.of().formatHex(StoredBody.stored((ActiveMQMessage) message));
    }

    private static String described(String name, Object value) {
        String type = value == null ? "null" : value.getClass().getSimpleName();
        return name + " " + type + " "
                + (value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
    }
}
