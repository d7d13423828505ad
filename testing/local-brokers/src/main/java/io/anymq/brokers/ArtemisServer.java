package io.anymq.brokers;

import io.anymq.brokers.launch.ArtemisServerMain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * ActiveMQ Artemis. Settings are elements of {@code core} in {@code broker.xml}; {@code address.<element>} is a setting of
 * all addresses, {@code acceptor.<parameter>} one of the OpenWire acceptor, {@code
 * tls.uri=tcp://<host>:<port>} opens an encrypted one with the parameters {@code tls.<parameter>}, {@code user.<name>=<password>,<role>} and {@code
 * permit.<pattern>=<role>,…} turn security on.
 */
final class ArtemisServer implements ActiveMqServer {
    /** The newest version all of whose artifacts, the OpenWire protocol among them, are in Maven's repository. */
    static final String VERSION = "2.44.0";

    private static final String ADDRESS = "address.";
    private static final String ACCEPTOR = "acceptor.";
    private static final String TLS = "tls.";
    private static final String USER = "user.";
    private static final String PERMIT = "permit.";
    private static final List<String> RIGHTS = List.of(
            "createNonDurableQueue",
            "deleteNonDurableQueue",
            "createDurableQueue",
            "deleteDurableQueue",
            "createAddress",
            "deleteAddress",
            "consume",
            "browse",
            "send",
            "manage");

    @Override
    public String title() {
        return "ActiveMQ Artemis";
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public List<String> coordinates() {
        return List.of(
                "org.apache.activemq:artemis-server:" + VERSION,
                "org.apache.activemq:artemis-openwire-protocol:" + VERSION,
                "org.slf4j:slf4j-simple:2.0.18");
    }

    @Override
    public String image() {
        return "apache/activemq-artemis:" + VERSION;
    }

    @Override
    public String mainClass() {
        return ArtemisServerMain.class.getName();
    }

    @Override
    public SortedMap<String, String> settings(BrokerOptions options, Path data, int port) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("name", "anymq");
        settings.put("persistence-enabled", "true");
        settings.put("journal-type", "NIO");
        settings.put("journal-datasync", Boolean.toString(options.durability() == Durability.POWER));
        settings.put("journal-file-size", Integer.toString(4 << 20));
        // Two free files in advance, so that an instance takes 20 MiB and not 100.
        settings.put("journal-min-files", "2");
        settings.put("journal-pool-files", "10");
        for (String folder : List.of("paging", "bindings", "journal", "large-messages")) {
            settings.put(folder + "-directory", data.resolve(folder).toString());
        }
        settings.put("jmx-management-enabled", "false");
        settings.put("message-counter-enabled", "false");
        settings.put("max-disk-usage", "-1");
        settings.put("security-enabled", Boolean.toString(isSecured(options.settings())));
        settings.put(ACCEPTOR + "uri", "tcp://127.0.0.1:" + port + "?protocols=OPENWIRE");
        settings.putAll(options.settings());
        return settings;
    }

    private static boolean isSecured(Map<String, String> settings) {
        return settings.keySet().stream().anyMatch(key -> key.startsWith(USER));
    }

    @Override
    public List<String> configure(Path folder, SortedMap<String, String> settings) {
        Path xml = folder.resolve("broker.xml");
        Folders.write(xml, xml(settings));
        Path users = folder.resolve("users.properties");
        SortedMap<String, String> known = new TreeMap<>(settings);
        known.keySet().removeIf(key -> !key.startsWith(USER));
        Folders.write(users, KafkaSettings.file(known));
        return List.of(xml.toString(), users.toString());
    }

    private static String xml(SortedMap<String, String> settings) {
        StringBuilder core = new StringBuilder();
        StringBuilder address = new StringBuilder();
        StringBuilder acceptor = new StringBuilder();
        StringBuilder tls = new StringBuilder();
        StringBuilder security = new StringBuilder();
        settings.forEach((key, value) -> {
            if (key.startsWith(ADDRESS)) {
                element(address, key.substring(ADDRESS.length()), value);
            } else if (key.startsWith(ACCEPTOR)) {
                parameter(acceptor, key.substring(ACCEPTOR.length()), value);
            } else if (key.startsWith(TLS)) {
                parameter(tls, key.substring(TLS.length()), value);
            } else if (key.startsWith(PERMIT)) {
                permission(security, key.substring(PERMIT.length()), value);
            } else if (!key.startsWith(USER)) {
                element(core, key, value);
            }
        });
        if (!tls.isEmpty()) {
            tls.insert(0, "<acceptor name=\"tls\">").append(";sslEnabled=true</acceptor>\n");
        }
        return "<configuration xmlns=\"urn:activemq\">\n<core xmlns=\"urn:activemq:core\">\n"
                + core
                + "<acceptors>\n<acceptor name=\"openwire\">" + acceptor + "</acceptor>\n" + tls + "</acceptors>\n"
                + "<security-settings>\n" + security + "</security-settings>\n"
                + "<address-settings><address-setting match=\"#\">\n" + address
                + "</address-setting></address-settings>\n"
                + "</core>\n</configuration>\n";
    }

    private static void parameter(StringBuilder acceptor, String name, String value) {
        if (name.equals("uri")) {
            acceptor.insert(0, escaped(value) + (value.indexOf('?') < 0 ? "?protocols=OPENWIRE" : ""));
        } else {
            acceptor.append(';').append(name).append('=').append(escaped(value));
        }
    }

    private static void permission(StringBuilder xml, String pattern, String roles) {
        xml.append("<security-setting match=\"").append(escaped(pattern)).append("\">\n");
        for (String right : RIGHTS) {
            xml.append("<permission type=\"")
                    .append(right)
                    .append("\" roles=\"")
                    .append(escaped(roles))
                    .append("\"/>\n");
        }
        xml.append("</security-setting>\n");
    }

    private static void element(StringBuilder xml, String name, String value) {
        xml.append('<')
                .append(name)
                .append('>')
                .append(escaped(value))
                .append("</")
                .append(name)
                .append(">\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
