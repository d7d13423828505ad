package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RabbitMqConnectorTest {
    private final Random random = new Random(1);

    @Test
    void everyServerIsTheFirstForItsShareOfTheConnections() {
        List<String> servers = List.of("one", "two", "three");
        Map<String, Long> firsts = Stream.generate(() -> RabbitMqConnector.inRandomOrder(servers, random))
                .limit(3_000)
                .peek(order -> assertThat(order).containsExactlyInAnyOrderElementsOf(servers))
                .map(order -> order.get(0))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(firsts).hasSize(3);
        assertThat(firsts.values()).allMatch(count -> count > 800);
    }
}
