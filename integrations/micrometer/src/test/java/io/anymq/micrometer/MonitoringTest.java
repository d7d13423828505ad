package io.anymq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.RetryPolicy;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts, beside what a client really shows to Prometheus. */
class MonitoringTest extends OnEmbeddedBroker {
    private static final Path MONITORING = Path.of("monitoring");
    private static final Pattern METRIC = Pattern.compile("anymq_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("(anymq_[a-z_]+)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)\\s*(?:=~|!=|!~|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\bby\\s*\\(([^)]*)\\)");
    private static final Pattern LEGEND = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?([a-z_]+)\\s*}}");
    private static final Pattern SAMPLE = Pattern.compile("(anymq_[a-z_]+)\\{(.*)} (\\S+)");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** What was scraped: the labels of each metric, and the values of each label. */
    private final Map<String, Set<String>> labels = new TreeMap<>();

    private final Map<String, Set<String>> values = new TreeMap<>();

    /** One of everything that is counted. */
    @BeforeEach
    void run() {
        MessagingClient client = opened(AnymqMetrics.of(registry).addTo(builder()));
        AtomicBoolean repaired = new AtomicBoolean();
        Consumer parking = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(2, java.time.Duration.ofMillis(1)))
                .idempotency(IdempotencyPolicy.with(new InMemoryIdempotencyStore()))
                .deadLetter(DeadLetterPolicy.builder()
                        .then(DeadLetterPolicy.Then.PARK_KEY)
                        .build())
                .start(delivery -> {
                    if (delivery.body().equals("bad") && !repaired.get()) {
                        throw new IllegalStateException("no paper");
                    }
                });
        client.consumer(INVOICES, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.discard())
                .start(delivery -> {
                    throw new IllegalStateException("no paper");
                });
        Producer<String> orders = client.producer(ORDERS, String.class);
        orders.send(Message.of("good").withId("g").withKey("k")).join();
        orders.send(Message.of("good").withId("g").withKey("k")).join();
        orders.send(Message.of("bad").withKey("acme")).join();
        client.producer(INVOICES, String.class).send("one").join();
        eventually(() -> assertThat(parking.parkedKeys()).containsExactly("acme"));
        repaired.set(true);
        assertThat(redrive(client, 1)).isEqualTo(1);
        eventually(() -> assertThat(registry.find("anymq.consumer.settled").counters())
                .satisfiesExactlyInAnyOrder(
                        invoices -> assertThat(invoices.count()).isEqualTo(1),
                        all -> assertThat(all.count()).isEqualTo(4)));
        broker(client).stop();
        assertThat(orders.send(Message.of("late").withKey("acme"))).failsWithin(SOON);
        scrape();
    }

    private void scrape() {
        registry.scrape().lines().map(SAMPLE::matcher).filter(Matcher::matches).forEach(sample -> {
            Set<String> found = labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
            MATCHER.matcher(sample.group(2)).results().forEach(label -> {
                found.add(label.group(1));
                values.computeIfAbsent(label.group(1), name -> new TreeSet<>()).add(label.group(2));
            });
        });
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(MONITORING.resolve("anymq-dashboard.json").toFile());
    }

    private static JsonNode alerts() throws IOException {
        return new YAMLMapper().readTree(MONITORING.resolve("anymq-alerts.yml").toFile());
    }

    /** Every metric exists, and has every label that is asked for, with a value that occurs where one is spelt out. */
    private void check(String expression) {
        List<String> metrics = METRIC.matcher(expression)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
        assertThat(metrics).as(expression).isNotEmpty();
        assertThat(labels.keySet()).as(expression).containsAll(metrics);
        SELECTOR.matcher(expression)
                .results()
                .forEach(selector -> MATCHER.matcher(selector.group(2))
                        .results()
                        .forEach(matcher -> {
                            assertThat(labels.get(selector.group(1)))
                                    .as(expression)
                                    .contains(matcher.group(1));
                            if (!matcher.group(2).startsWith("$")) {
                                assertThat(values.get(matcher.group(1)))
                                        .as(expression)
                                        .contains(matcher.group(2));
                            }
                        }));
        for (String label : grouping(expression)) {
            metrics.forEach(
                    metric -> assertThat(labels.get(metric)).as(expression).contains(label));
        }
    }

    private static Set<String> grouping(String expression) {
        Set<String> grouping = new TreeSet<>();
        GROUPING.matcher(expression)
                .results()
                .forEach(by -> Arrays.stream(by.group(1).split(",", -1))
                        .map(String::strip)
                        .forEach(grouping::add));
        return grouping;
    }

    /** A legend or a text shows a label only if it is among those that the result keeps. */
    private static void checkText(String text, String expression) {
        LEGEND.matcher(text)
                .results()
                .forEach(
                        label -> assertThat(grouping(expression)).as(expression).contains(label.group(1)));
    }

    @Test
    void theDashboardAsksForWhatIsEmitted() throws IOException {
        JsonNode dashboard = dashboard();
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : dashboard.get("panels")) {
            if (panel.get("type").asText().equals("row")) {
                continue;
            }
            assertThat(panel.get("targets")).as(panel.get("title").asText()).isNotEmpty();
            for (JsonNode target : panel.get("targets")) {
                String expression = target.get("expr").asText();
                check(expression);
                checkText(target.get("legendFormat").asText(), expression);
                expressions.add(expression);
            }
        }
        for (JsonNode variable : dashboard.get("templating").get("list")) {
            if (variable.get("type").asText().equals("query")) {
                Matcher query = Pattern.compile("label_values\\(([a-z_]+), ([a-z]+)\\)")
                        .matcher(variable.get("query").get("query").asText());
                assertThat(query.matches()).isTrue();
                assertThat(labels.get(query.group(1))).contains(query.group(2));
            }
        }
        assertThat(labels.keySet())
                .as("every metric is on the dashboard")
                .allMatch(metric -> expressions.stream().anyMatch(expression -> expression.contains(metric + "{")));
    }

    @Test
    void thePanelsHaveIdsOfTheirOwnAndDoNotOverlap() throws IOException {
        Set<Integer> ids = new TreeSet<>();
        Set<String> cells = new TreeSet<>();
        for (JsonNode panel : dashboard().get("panels")) {
            assertThat(ids.add(panel.get("id").asInt())).isTrue();
            JsonNode position = panel.get("gridPos");
            int left = position.get("x").asInt();
            int top = position.get("y").asInt();
            assertThat(left + position.get("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = left; x < left + position.get("w").asInt(); x++) {
                for (int y = top; y < top + position.get("h").asInt(); y++) {
                    assertThat(cells.add(x + "," + y)).isTrue();
                }
            }
        }
    }

    @Test
    void theAlertsAskForWhatIsEmitted() throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode group : alerts().get("groups")) {
            for (JsonNode rule : group.get("rules")) {
                String expression = rule.get("expr").asText();
                check(expression);
                checkText(rule.get("annotations").get("summary").asText(), expression);
                checkText(rule.get("annotations").get("description").asText(), expression);
                assertThat(rule.get("labels").get("severity").asText()).isIn("warning", "critical");
                names.add(rule.get("alert").asText());
            }
        }
        assertThat(names)
                .doesNotHaveDuplicates()
                .contains(
                        "AnymqDeadLettersGrow",
                        "AnymqConsumerNotUp",
                        "AnymqKeysBlocked",
                        "AnymqKeysParked",
                        "AnymqBacklogOld");
    }

    @Test
    void everyMeterIsScraped() {
        assertThat(labels.keySet())
                .hasSize(20)
                .allMatch(metric -> Arrays.stream(AnymqMeterDocumentation.values())
                        .anyMatch(meter -> metric.startsWith(meter.getName().replace('.', '_'))));
    }
}
