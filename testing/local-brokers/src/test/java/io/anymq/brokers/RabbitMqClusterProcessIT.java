package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that form a cluster, one of which is broken after the other. */
@Tag("rabbitmq")
@Tag("rabbitmq-process")
@Timeout(300)
class RabbitMqClusterProcessIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private static void stored(LocalBroker node, String body) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> PlainRabbitMq.read(node.bootstrap(), "orders").equals(body));
    }

    private static Set<Long> descendants() {
        return ProcessHandle.current()
                .descendants()
                .map(ProcessHandle::pid)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private void nothingIsLeftBut(Set<Long> before) throws IOException {
        await().atMost(LIMIT).until(() -> before.containsAll(descendants()));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void eachNodeCanBeBrokenByItselfAndComesBack() throws Exception {
        Set<Long> before = descendants();
        try (RabbitMqCluster cluster =
                RabbitMqCluster.start(3, BrokerOptions.defaults().withFolder(folder))) {
            RabbitMqNode first = cluster.nodes().get(0);
            RabbitMqNode second = cluster.nodes().get(1);
            RabbitMqNode third = cluster.nodes().get(2);
            assertThat(cluster.url())
                    .isEqualTo("rabbitmq://guest:guest@" + first.bootstrap() + "," + second.bootstrap() + ","
                            + third.bootstrap());
            assertThat(ListeningSockets.open(ProcessHandle.current().descendants()))
                    .as("sockets that other machines can reach")
                    .isEmpty();

            PlainRabbitMq.send(first.bootstrap(), "orders", "before a kill");
            first.kill();
            assertThat(PlainRabbitMq.answersWithin(first.bootstrap(), SHORT)).isFalse();
            stored(second, "before a kill");
            first.restart();

            PlainRabbitMq.send(first.bootstrap(), "orders", "before a stop");
            second.stop();
            assertThat(second.isAlive()).isFalse();
            second.stop();
            stored(first, "before a stop");
            second.restart();

            PlainRabbitMq.send(second.bootstrap(), "orders", "before a suspension");
            third.suspend();
            assertThat(PlainRabbitMq.answersWithin(third.bootstrap(), SHORT)).isFalse();
            assertThatThrownBy(third::stop).isInstanceOf(LocalBrokerException.class);
            assertThat(PlainRabbitMq.answersWithin(first.bootstrap(), LIMIT)).isTrue();
            third.resume();
            await().atMost(LIMIT).until(() -> PlainRabbitMq.answersWithin(third.bootstrap(), SHORT));
            stored(third, "before a suspension");
            second.suspend();
        }
        nothingIsLeftBut(before);
    }

    @Test
    void allNodesDieWithAnOwnerThatIsKilled() throws Exception {
        try (ChildJvm owner = ChildJvm.of(RabbitMqClusterOwnerMain.class)
                .args(folder.toString())
                .start()) {
            owner.awaitLine("cluster of 2", Duration.ofMinutes(2));
            Set<Long> processes = ProcessHandle.of(owner.pid())
                    .orElseThrow()
                    .descendants()
                    .map(ProcessHandle::pid)
                    .collect(Collectors.toSet());
            assertThat(processes).hasSizeGreaterThan(2);
            owner.kill();
            await().atMost(LIMIT)
                    .until(() -> processes.stream()
                            .noneMatch(pid -> ProcessHandle.of(pid)
                                    .filter(ProcessHandle::isAlive)
                                    .isPresent()));
        }
    }

    @Test
    void whatNoClusterCanHaveIsRefused() {
        assertThatThrownBy(() -> RabbitMqCluster.start(1))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("2 to 9");
        assertThatThrownBy(
                        () -> RabbitMqCluster.start(3, BrokerOptions.defaults().withAdvertised("localhost:5672")))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("withAdvertised");
    }
}
