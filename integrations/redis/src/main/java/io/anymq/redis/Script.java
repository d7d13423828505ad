package io.anymq.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** A Lua script, which Redis runs as one step. Immutable. */
final class Script {
    private final byte[] text;
    private final byte[] digest;

    Script(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            text = in.readAllBytes();
            digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text))
                    .getBytes(StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** By its digest, or with its text where the server has not seen it yet, as after a restart. */
    Object run(UnifiedJedis redis, byte[] key, List<byte[]> arguments) {
        try {
            return redis.evalsha(digest, List.of(key), arguments);
        } catch (JedisNoScriptException unseen) {
            return redis.eval(text, List.of(key), arguments);
        }
    }
}
