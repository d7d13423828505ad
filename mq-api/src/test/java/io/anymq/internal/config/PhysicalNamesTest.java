package io.anymq.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.internal.support.Addresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhysicalNamesTest {
    private static final Queue ORDERS = Queue.of("orders-placed");

    @TempDir
    Path folder;

    private final List<String> problems = new ArrayList<>();

    private Addresses read(Map<String, String> code) {
        return PhysicalNames.read(merge(null, Map.of(), new Properties(), code), problems)
                .addresses();
    }

    private SortedMap<String, Setting> merge(
            @Nullable Path file, Map<String, String> environment, Properties system, Map<String, String> code) {
        return Settings.merge(
                new ClientConfig.Sources(file, environment, system, VendorConfig.fromCode(code)),
                Sections.of(List.of(), List.of(), List.of()),
                problems);
    }

    @Test
    void eachKindHasNamesOfItsOwn() {
        Topic events = Topic.of("events");
        Addresses addresses = read(Map.of(
                "anymq.names.queue.orders-placed", "orders.placed.v1",
                "anymq.names.topic.events", "order.events",
                "anymq.names.subscription.events/billing", "billing-service"));
        assertThat(problems).isEmpty();
        assertThat(addresses.of(ORDERS).physicalName()).isEqualTo("orders.placed.v1");
        assertThat(addresses.of(ORDERS).queue()).isEqualTo(ORDERS);
        assertThat(addresses.of(events).physicalName()).isEqualTo("order.events");
        assertThat(addresses.of(events.subscription("billing")).physicalName()).isEqualTo("billing-service");
        assertThat(addresses.of(events.subscription("billing")).topic().physicalName())
                .isEqualTo("order.events");
        assertThat(addresses.of(events.subscription("audit")).physicalName()).isNull();
        assertThat(addresses.of(Queue.of("events")).physicalName()).isNull();
    }

    @Test
    void anEnvironmentVariableTakesSeveralAndWinsOverAFile() throws IOException {
        Path file = folder.resolve("some.properties");
        Files.writeString(file, """
                anymq.names.queue.orders-placed=from.file
                anymq.names.subscription.events/billing=from.file.too
                """);
        SortedMap<String, Setting> settings = merge(
                file,
                Map.of("ANYMQ_NAMES", "queue.orders-placed=orders.placed.v1, topic.Events_2=a=b,"),
                new Properties(),
                Map.of());
        Addresses addresses = PhysicalNames.read(settings, problems).addresses();
        assertThat(problems).isEmpty();
        assertThat(addresses.of(ORDERS).physicalName()).isEqualTo("orders.placed.v1");
        assertThat(addresses.of(Topic.of("Events_2")).physicalName()).isEqualTo("a=b");
        assertThat(addresses.of(Topic.of("events").subscription("billing")).physicalName())
                .isEqualTo("from.file.too");
    }

    @Test
    void twoNamesInCodeForOnePlaceAreRefused() {
        read(Map.of("anymq.names.queue.a", "orders.placed.v1", "anymq.names.queue.b", "orders.placed.v1"));
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("anymq.names.queue.a", "anymq.names.queue.b", "orders.placed.v1");
        problems.clear();
        read(Map.of("anymq.names.queue.a", "orders.placed.v1", "anymq.names.topic.a", "orders.placed.v1"));
        assertThat(problems).isEmpty();
    }

    @Test
    void mistakesAreToldWithTheirBoundAndCure() {
        read(Map.of("anymq.names.queue.orders.placed", "x"));
        read(Map.of("anymq.names.subscription.events", "x"));
        read(Map.of("anymq.names.subscription.events/" + "x".repeat(65), "x"));
        read(Map.of("anymq.names.topic.events", " "));
        read(Map.of("anymq.names.group.events", "x"));
        read(Map.of("anymq.names", "orders"));
        assertThat(problems).hasSize(6);
        assertThat(problems.get(0)).contains("'orders.placed'", "1 to 64", "ANYMQ_NAMES=");
        assertThat(problems.get(1)).contains("<topic>/<subscription>");
        assertThat(problems.get(2)).contains("1 to 64");
        assertThat(problems.get(3)).contains("anymq.names.topic.events", "empty");
        assertThat(problems.get(4)).contains("unknown key anymq.names.group.events", "anymq.names.queue.<queue>");
        assertThat(problems.get(5)).contains("queue.orders=orders.placed.v1");
    }

    @Test
    void aNameInCodeIsNotThePhysicalNameOfAnother() {
        Addresses addresses = read(Map.of("anymq.names.queue.a", "b", "anymq.names.queue.c", "d"));
        assertThatThrownBy(() -> addresses.of(Queue.of("b")))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("queue b is the physical name of queue a");
        assertThat(addresses.of(Topic.of("b")).physicalName()).isNull();
        Addresses swapped = read(Map.of("anymq.names.queue.a", "b", "anymq.names.queue.b", "a"));
        assertThat(swapped.of(Queue.of("b")).physicalName()).isEqualTo("a");
    }
}
