package io.anymq.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.ForeignMessages;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages as plain SQL writes them, with headers of every type of JSON. */
final class PostgresForeign implements ForeignMessages {
    /** What is stored besides the body; null for what is left out. */
    private record Kind(String key, String id, String contentType, String headers) {}

    private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("bare", new Kind(null, null, null, null));
        KINDS.put("key", new Kind("a key", null, null, null));
        KINDS.put("key-backslash", new Kind("a\\0", null, null, null));
        KINDS.put("key-escape", new Kind("a\uE000", null, null, null));
        KINDS.put("key-escape-other", new Kind("a\uE000b", null, null, null));
        KINDS.put("key-space", new Kind(" ", null, null, null));
        KINDS.put("id", new Kind("id", "an id", "text/plain", null));
        KINDS.put("number", new Kind("number", null, null, "{\"n\": 1.50, \"big\": 12345678901234567890}"));
        KINDS.put("flag", new Kind("flag", null, null, "{\"yes\": true, \"no\": false}"));
        KINDS.put("null", new Kind("null", null, null, "{\"nothing\": null}"));
        KINDS.put("nested", new Kind("nested", null, null, "{\"o\": {\"a\": [1, \"}\", null]}, \"l\": [1, 2]}"));
        KINDS.put("text", new Kind("text", null, null, "{\"t\": \"gr\\u00fcn\", \"empty\": \"\"}"));
    }

    private final PostgresPlainClient plain;

    PostgresForeign(PostgresPlainClient plain) {
        this.plain = plain;
    }

    @Override
    public List<String> kinds() {
        return List.copyOf(KINDS.keySet());
    }

    @Override
    public void store(String queue, String name) throws SQLException {
        Kind kind = KINDS.get(name);
        plain.execute(
                "SELECT mq_send(?, ?, ?, ?, ?, ?::json)",
                queue,
                name.getBytes(UTF_8),
                kind.key,
                kind.id,
                kind.contentType,
                kind.headers);
    }

    @Override
    public Map<String, Integer> held(String queue) throws SQLException {
        Map<String, Integer> held = new LinkedHashMap<>();
        try (Connection connection = plain.connect();
                PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM mq_message m"
                        + " JOIN mq_source s ON s.id = m.source JOIN mq_destination d ON d.id = s.destination"
                        + " WHERE d.name = ? AND s.name = '' AND m.body = ? AND m.key IS NOT DISTINCT FROM ?::text"
                        + " AND (?::text IS NULL OR m.message_id = ?) AND m.content_type IS NOT DISTINCT FROM ?::text"
                        + " AND coalesce(m.headers::jsonb, '{}') @> coalesce(?::jsonb, '{}')")) {
            for (Map.Entry<String, Kind> each : KINDS.entrySet()) {
                Kind kind = each.getValue();
                statement.setString(1, queue);
                statement.setBytes(2, each.getKey().getBytes(UTF_8));
                statement.setString(3, kind.key);
                statement.setString(4, kind.id);
                statement.setString(5, kind.id);
                statement.setString(6, kind.contentType);
                statement.setString(7, kind.headers);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    held.put(each.getKey(), row.getInt(1));
                }
            }
        }
        return held;
    }
}
