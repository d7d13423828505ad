package io.anymq.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.SendResult;
import io.anymq.policy.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.region.policy.PolicyEntry;
import org.apache.activemq.broker.region.policy.PolicyMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Applications and relays in processes of their own are killed at each named point, one after another, and others take
 * their places. In the end each payment has had one effect and one receipt, and the receipts of a key are in order.
 *
 * <p>{@code -Dcrash.messages=10000 -Dcrash.rounds=5} is a longer form.
 */
abstract class CrashContract {
    static final List<String> APPLICATION =
            List.of("handler begins", "effect done", "output stored", "before commit", "after commit");
    static final List<String> RELAY =
            List.of("before send", "after send", "confirmed", "before delete", "before commit", "after commit");

    private static final int MESSAGES = Integer.getInteger("crash.messages", 300);
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 1);
    private static final int KEYS = 20;

    @TempDir
    Path folder;

    abstract TestDatabase open(Path folder) throws Exception;

    /** The points of applications. */
    List<String> applicationPoints() {
        return ROUNDS > 1 ? APPLICATION : List.of("before commit", "after commit");
    }

    /** The points of relays. */
    List<String> relayPoints() {
        return ROUNDS > 1 ? RELAY : List.of("confirmed", "before commit");
    }

    @Test
    void nothingIsLostRepeatedOrReordered() throws Exception {
        TestDatabase database = open(folder);
        BrokerService broker = broker();
        try {
            database.start();
            run(database, broker.getTransportConnectors().get(0).getConnectUri().toString());
        } finally {
            broker.stop();
            broker.waitUntilStopped();
            database.close();
        }
    }

    private BrokerService broker() throws Exception {
        BrokerService broker = new BrokerService();
        broker.setBrokerName("crash");
        broker.setPersistent(false);
        broker.setDataDirectoryFile(folder.toFile());
        broker.setUseJmx(false);
        broker.setUseShutdownHook(false);
        // without it, a key is out of order after two crashes in a row
        PolicyEntry policy = new PolicyEntry();
        policy.setStrictOrderDispatch(true);
        PolicyMap policies = new PolicyMap();
        policies.setDefaultEntry(policy);
        broker.setDestinationPolicy(policies);
        broker.addConnector("tcp://127.0.0.1:0");
        broker.start();
        if (!broker.waitUntilStarted()) {
            throw new IllegalStateException("the broker has not started");
        }
        return broker;
    }

    @SuppressWarnings("try") // processes are only started and killed
    private void run(TestDatabase database, String brokerUri) throws Exception {
        String url = "activemq:" + brokerUri.substring("tcp:".length());
        database.execute(
                "CREATE TABLE effects (message_id VARCHAR(64) NOT NULL, body VARCHAR(64))",
                "CREATE TABLE receipts (message_id VARCHAR(64) NOT NULL, body VARCHAR(64))");
        Transactions transactions = Transactions.of(database.pool());
        Outbox.builder(transactions).schema(SchemaMode.CREATE).build();
        Inbox inbox = Inbox.builder(transactions).schema(SchemaMode.CREATE).build();
        Map<String, List<Integer>> got = new ConcurrentHashMap<>();
        List<String> arguments = List.of(database.url(database.address()), database.user(), database.password(), url);
        int kills = 0;
        try (MessagingClient client = MessagingClient.connect(url)) {
            client.consumer(TransactionContract.RECEIPTS, String.class)
                    .retry(RetryPolicy.fixed(1_000, Duration.ofMillis(5)))
                    .start(inbox.handler((delivery, connection) -> {
                        try (var insert = connection.prepareStatement("INSERT INTO receipts VALUES (?, ?)")) {
                            insert.setString(1, delivery.id());
                            insert.setString(2, delivery.body());
                            insert.executeUpdate();
                        }
                        got.computeIfAbsent(String.valueOf(delivery.key()), key -> new CopyOnWriteArrayList<>())
                                .add(Integer.valueOf(delivery.body()));
                    }));
            client.provision(TransactionContract.PAYMENTS);
            List<Message<String>> payments = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                payments.add(Message.of(Integer.toString(i)).withId("m" + i).withKey("k" + i % KEYS));
            }
            List<SendResult> sent = client.producer(TransactionContract.PAYMENTS, String.class)
                    .sendBatch(payments)
                    .join();
            assertThat(sent).hasOnlyElementsOfType(SendResult.Confirmed.class);
            for (int round = 0; round < ROUNDS; round++) {
                for (String point : applicationPoints()) {
                    kill("application", arguments, point, MESSAGES / (8 * ROUNDS));
                    kills++;
                }
                for (String point : relayPoints()) {
                    // those of a batch, and those of a message
                    boolean ofBatch = point.equals("before delete") || point.endsWith("commit");
                    kill("relay", arguments, point, ofBatch ? 1 : 10);
                    kills++;
                }
            }
            try (CrashProcess application = start("application", arguments, "-", 1);
                    CrashProcess relay = start("relay", arguments, "-", 1)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60L + MESSAGES / 50))
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> database.count("receipts") >= MESSAGES && database.count("anymq_outbox") == 0);
            }
        }
        long effects = database.count("effects");
        long receipts = database.count("receipts");
        long differentEffects = database.count("(SELECT DISTINCT message_id FROM effects) d");
        long differentReceipts = database.count("(SELECT DISTINCT message_id FROM receipts) d");
        Map<String, List<Integer>> disordered = new HashMap<>();
        got.forEach((key, numbers) -> {
            List<Integer> first = numbers.stream().distinct().toList();
            if (!first.equals(first.stream().sorted().toList())) {
                disordered.put(key, numbers);
            }
        });
        report(database.name() + ": " + MESSAGES + " messages, " + kills + " kills; effects " + effects + " of "
                + differentEffects + " messages, receipts " + receipts + " of " + differentReceipts
                + " messages, keys out of order " + disordered.size());
        assertThat(differentEffects).as("nothing is lost").isEqualTo(MESSAGES);
        assertThat(effects).as("nothing has two effects").isEqualTo(MESSAGES);
        assertThat(differentReceipts).as("no output is lost").isEqualTo(MESSAGES);
        assertThat(receipts).as("no output has two effects").isEqualTo(MESSAGES);
        assertThat(disordered).as("keys out of order").isEmpty();
        assertThat(got).hasSize(KEYS);
    }

    private static CrashProcess start(String role, List<String> arguments, String point, int times) throws Exception {
        List<String> all = new ArrayList<>();
        all.add(role);
        all.addAll(arguments);
        all.add(point);
        all.add(Integer.toString(Math.max(1, times)));
        return new CrashProcess(all);
    }

    private static void kill(String role, List<String> arguments, String point, int times) throws Exception {
        try (CrashProcess process = start(role, arguments, point, times)) {
            process.killAt(point);
        }
    }

    @SuppressWarnings("SystemOut") // the figures of a long run
    private static void report(String line) {
        System.out.println("CRASH " + line);
    }
}
