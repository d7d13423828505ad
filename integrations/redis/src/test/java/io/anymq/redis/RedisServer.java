package io.anymq.redis;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A Redis server in a process of its own that writes each change to its log, from the program of the package redis-server,
 * or below {@code ANYMQ_BROKERS_REDIS_HOME}.
 */
final class RedisServer {
    private static final String HOME = System.getenv().getOrDefault("ANYMQ_BROKERS_REDIS_HOME", "/usr");

    private final Path folder;
    private final int port;
    private final List<RedisClient> clients = new ArrayList<>();
    private Process process;

    RedisServer(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    private static String program() {
        for (String bin : List.of("bin", "sbin")) {
            File file = new File(HOME, bin + "/redis-server");
            if (file.canExecute()) {
                return file.getPath();
            }
        }
        throw new IllegalStateException("there is no redis-server below " + HOME
                + "; install the package redis-server, or leave these tests out: ANYMQ_WITHOUT=redis ./verify");
    }

    void start() throws Exception {
        process = new ProcessBuilder(
                        program(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        folder.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always")
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Awaitility.await("Redis answers").atMost(Duration.ofSeconds(30)).until(() -> {
            if (!process.isAlive()) {
                throw new IOException("Redis ended: " + Files.readString(folder.resolve("log")));
            }
            try (Jedis jedis = new Jedis("127.0.0.1", port)) {
                return "PONG".equals(jedis.ping());
            } catch (JedisException notYet) {
                return false;
            }
        });
    }

    /** Kills it. */
    void stop() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    int port() {
        return port;
    }

    /** Runs commands of an administrator. */
    Jedis admin() {
        return new Jedis("127.0.0.1", port);
    }

    /** A client as an application has it, closed with the server. */
    synchronized RedisClient client(DefaultJedisClientConfig config) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(16);
        pool.setMaxWait(Duration.ofSeconds(5));
        RedisClient client = RedisClient.builder()
                .hostAndPort("127.0.0.1", port)
                .clientConfig(config)
                .poolConfig(pool)
                .build();
        clients.add(client);
        return client;
    }

    RedisClient client() {
        return client(DefaultJedisClientConfig.builder().build());
    }

    void close() throws Exception {
        clients.forEach(RedisClient::close);
        stop();
    }
}
