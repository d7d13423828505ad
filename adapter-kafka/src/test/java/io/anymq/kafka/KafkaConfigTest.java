package io.anymq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.direct.SpiContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConfigTest {
    private static ConnectionContext context(String url, String... options) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put(options[i], options[i + 1]);
        }
        return SpiContext.of(url, map);
    }

    private static List<String> problems(String url, String... options) {
        return new KafkaAdapter().validate(context(url, options));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka://localhost:9092", "kafka://a:1,b:65535", "kafka://[::1]:9092"})
    void goodUrls(String url) {
        assertThat(problems(url)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kafka:,at least one broker",
        "kafka://,at least one broker",
        "kafka://host,is not host:port",
        "'kafka://a:1,',is not host:port",
        "kafka://a:1/orders,must end after the ports",
        "kafka://me:secret@a:1,sasl.jaas.config"
    })
    void badUrls(String url, String says) {
        assertThat(problems(url))
                .hasSize(1)
                .allSatisfy(problem -> assertThat(problem).contains(says).doesNotContain("secret"));
    }

    @Test
    void aMissingStoreIsNamed(@TempDir Path folder) throws IOException {
        String there = Files.createFile(folder.resolve("key.p12")).toString();
        String missing = folder.resolve("trust.p12").toString();
        assertThat(problems(
                        "kafka://a:1",
                        "common.ssl.keystore.location",
                        there,
                        "common.ssl.truststore.location",
                        missing))
                .containsExactly("anymq.kafka.common.ssl.truststore.location: the file " + missing + " cannot be read");
    }

    @Test
    void tlsGoesOverNativeSettings(@TempDir Path folder) throws IOException {
        String store = Files.createFile(folder.resolve("trust.p12")).toString();
        Map<String, Object> settings = new KafkaConfig(context(
                        "kafka://a:1",
                        "tls",
                        "true",
                        "trust-store",
                        store,
                        "trust-store-password",
                        "hush",
                        "common.ssl.cipher.suites",
                        "x"))
                .admin(Duration.ofSeconds(1));
        assertThat(settings)
                .containsEntry("security.protocol", "SSL")
                .containsEntry("ssl.endpoint.identification.algorithm", "https")
                .containsEntry("ssl.truststore.location", store)
                .containsEntry("ssl.truststore.password", "hush")
                .containsEntry("ssl.cipher.suites", "x")
                .doesNotContainKey("ssl.keystore.location");
        Map<String, Object> login = new KafkaConfig(context(
                        "kafka://a:1", "tls", "true", "tls-verify-host", "false", "common.sasl.mechanism", "PLAIN"))
                .admin(Duration.ofSeconds(1));
        assertThat(login)
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("ssl.endpoint.identification.algorithm", "");
        assertThat(new KafkaConfig(context("kafka://a:1")).admin(Duration.ofSeconds(1)))
                .doesNotContainKey("security.protocol");
    }

    @ParameterizedTest
    @CsvSource({
        "common.security.protocol,PLAINTEXT,which means SSL",
        "producer.security.protocol,PLAINTEXT,which means SSL",
        "consumer.security.protocol,SASL_SSL,which means SSL",
        "common.ssl.endpoint.identification.algorithm,'',tls-verify-host instead",
        "admin.ssl.truststore.location,/dev/null,trust-store instead",
        "common.ssl.keystore.password,hush,key-store-password instead",
        "common.ssl.engine.factory.class,x,trust-store instead"
    })
    void nothingWeakensTls(String name, String value, String says) {
        assertThat(problems("kafka://a:1", "tls", "true", name, value))
                .first(InstanceOfAssertFactories.STRING)
                .startsWith("anymq.kafka." + name)
                .endsWith(says.endsWith("instead") ? says : says + "; remove one of them")
                .doesNotContain("hush");
    }

    @ParameterizedTest
    @CsvSource({
        "producer.acks,1,every in-sync replica",
        "producer.acks,0,every in-sync replica",
        "producer.enable.idempotence,false,twice",
        "producer.max.in.flight.requests.per.connection,6,order",
        "producer.transactional.id,x,transactions",
        "producer.key.serializer,x,codec",
        "producer.partitioner.class,x,same partition",
        "producer.partitioner.ignore.keys,true,same partition",
        "producer.delivery.timeout.ms,5,send-timeout",
        "producer.max.block.ms,5,send-timeout",
        "producer.max.request.size,5,max-message",
        "consumer.enable.auto.commit,true,before they are handled",
        "consumer.group.id,x,named after",
        "consumer.group.instance.id,x,evict each other",
        "consumer.auto.offset.reset,latest,StartPosition",
        "consumer.value.deserializer,x,codec",
        "consumer.partition.assignment.strategy,x,same",
        "consumer.group.protocol,classic,group-protocol",
        "common.bootstrap.servers,x,anymq.url",
        "common.client.id,x,gives each client a unique name",
        "topic.cleanup.policy,'compact,delete',compaction"
    })
    void whatWouldBreakAPromiseIsRefusedWithTheReason(String name, String value, String says) {
        assertThat(problems("kafka://a:1", name, value))
                .hasSize(1)
                .allSatisfy(problem ->
                        assertThat(problem).startsWith("anymq.kafka." + name).contains(says));
    }

    @ParameterizedTest
    @CsvSource({
        "producer.acks,all",
        "producer.acks,-1",
        "producer.enable.idempotence,true",
        "producer.linger.ms,5",
        "producer.compression.type,zstd",
        "consumer.enable.auto.commit,false",
        "consumer.fetch.max.wait.ms,50",
        "common.security.protocol,PLAINTEXT",
        "topic.retention.ms,1000"
    })
    void harmlessSettingsPass(String name, String value) {
        assertThat(problems("kafka://a:1", name, value)).isEmpty();
    }

    @Test
    void allMistakesAreReportedAtOnce() {
        assertThat(problems(
                        "kafka://a",
                        "producer.acks",
                        "1",
                        "producer.linger.ms",
                        "soon",
                        "consumer.isolation.level",
                        "some"))
                .hasSize(4);
    }

    @Test
    void valuesOfSecretsAreNotRepeated() {
        assertThat(problems("kafka://a:1", "common.ssl.keystore.password", "hush", "producer.linger.ms", "x"))
                .noneMatch(problem -> problem.contains("hush"));
    }

    private static SenderOptions sender(Duration outcomeWithin) {
        return new SenderOptions(1_000, outcomeWithin);
    }

    @ParameterizedTest
    @ValueSource(longs = {90, 250, 1_000, 30_000, 3_600_000})
    void blockingAndDeliveryTogetherEndWhenAnOutcomeIsDue(long millis) {
        Map<String, Object> settings =
                new KafkaConfig(context("kafka://a:1")).producer(sender(Duration.ofMillis(millis)), "-producer");
        long block = (Long) settings.get(ProducerConfig.MAX_BLOCK_MS_CONFIG);
        int delivery = (Integer) settings.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
        int request = (Integer) settings.get(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
        assertThat(block + delivery).isLessThanOrEqualTo(millis);
        assertThat(request).isPositive().isLessThanOrEqualTo(delivery);
        // The vendor's own rules hold as well.
        new ProducerConfig(settings);
    }

    /** The declarations' own producer has the time of one operation, whatever the sends may take. */
    @ParameterizedTest
    @ValueSource(longs = {0, 100, 3_000, 30_000, 300_000})
    void timesOfTheApplicationsOwnFitIntoEverySend(long millis) {
        KafkaConfig config = new KafkaConfig(
                context("kafka://127.0.0.1:1", "producer.request.timeout.ms", "10000", "producer.linger.ms", "60000"));
        Map<String, Object> settings = config.producer(sender(Duration.ofMillis(millis)), "");
        new KafkaProducer<byte[], byte[]>(settings).close(Duration.ZERO);
        int request = (Integer) settings.get(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
        assertThat(request).isEqualTo((int)
                Math.min(10_000, (Integer) settings.get("delivery.timeout.ms") - (Long) settings.get("linger.ms")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void consumerSettingsAreLegalAndNeverCommitByThemselves(String protocol) {
        Map<String, Object> settings = new KafkaConfig(context("kafka://a:1"))
                .consumer("group", new ReceiverOptions("name", 100, 64 << 20, Duration.ofSeconds(1)), protocol);
        ConsumerConfig legal = new ConsumerConfig(settings);
        assertThat(legal.getBoolean("enable.auto.commit")).isFalse();
        assertThat(legal.getInt("max.poll.records")).isEqualTo(100);
        assertThat(legal.getString("auto.offset.reset")).isEqualTo("earliest");
    }

    @Test
    void passThroughSettingsReachTheirClientAndNoOther() {
        KafkaConfig config = new KafkaConfig(context(
                "kafka://a:1",
                "producer.linger.ms",
                "7",
                "consumer.fetch.min.bytes",
                "9",
                "common.send.buffer.bytes",
                "1"));
        Map<String, Object> producer = config.producer(sender(Duration.ofSeconds(30)), "");
        assertThat(producer)
                .containsEntry("linger.ms", 7L)
                .containsEntry("send.buffer.bytes", "1")
                .doesNotContainKey("fetch.min.bytes");
        assertThat(config.admin(Duration.ofSeconds(5))).doesNotContainKey("linger.ms");
    }

    @Test
    void misspellingsCanBeFoundFromTheVendorsOwnNames() {
        assertThat(Stream.of("producer.", "consumer.", "common.", "admin.", "topic."))
                .allSatisfy(prefix -> assertThat(KafkaConfig.options().stream()
                                .filter(option -> option.name().equals(prefix))
                                .map(ConfigOption::choices)
                                .findFirst()
                                .orElseThrow())
                        .isNotEmpty());
        assertThat(KafkaSettingsCheck.commonNames()).contains("security.protocol", "sasl.jaas.config");
        assertThat(KafkaSettingsCheck.commonNames()).doesNotContain("linger.ms");
    }
}
