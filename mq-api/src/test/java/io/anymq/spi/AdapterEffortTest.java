package io.anymq.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The minimum an adapter must implement. Optional features have a default or their own interface. */
class AdapterEffortTest {
    private static final int MOST_METHODS = 26;

    private static final List<Class<?>> MANDATORY = List.of(
            BrokerAdapter.class,
            BrokerConnection.class,
            BrokerSender.class,
            BrokerReceiver.class,
            InboundMessage.class);

    @Test
    void anAdapterWritesFewMethods() {
        List<String> mandatory = MANDATORY.stream()
                .flatMap(AdapterEffortTest::abstractMethods)
                .sorted()
                .toList();

        assertThat(mandatory)
                .contains("BrokerAdapter.connect", "BrokerReceiver.receive", "InboundMessage.lane")
                .hasSizeLessThanOrEqualTo(MOST_METHODS);
    }

    private static Stream<String> abstractMethods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .map(Method::getName)
                .map(name -> type.getSimpleName() + "." + name);
    }

    @Test
    void onlyReceiversHaveOptionalAbilities() {
        assertThat(PausableReceiver.class).isInterface().isAssignableTo(BrokerReceiver.class);
        assertThat(TransactionalReceiver.class).isInterface().isAssignableTo(BrokerReceiver.class);
        assertThat(MANDATORY).allMatch(Class::isInterface);
    }
}
