package io.anymq.spring.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.anymq.Codec;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.jackson3.Jackson3Codec;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.FilteredClassLoader.ClassFilter;
import org.springframework.boot.test.context.FilteredClassLoader.ClassPathResourceFilter;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OutputCaptureExtension.class)
class JsonMapperTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, AnyMqAutoConfiguration.class))
            .withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE");

    record Placed(String orderId) {}

    private static String sent(AssertableApplicationContext context) throws Exception {
        assertThat(context).hasNotFailed();
        MessagingClient client = context.getBean(MessagingClient.class);
        client.producer(Queue.of("orders"), Placed.class).send(new Placed("a")).get(10, TimeUnit.SECONDS);
        InMemoryBroker broker = client.unwrap(InMemoryBroker.class).orElseThrow();
        return new String(broker.browse("orders").get(0).body(), UTF_8);
    }

    @Test
    void theApplicationsMapperOfJackson3WritesBodies() {
        runner.run(context -> assertThat(sent(context)).isEqualTo("{\"order_id\":\"a\"}"));
    }

    private static JsonMapper named(tools.jackson.databind.PropertyNamingStrategy strategy) {
        return JsonMapper.builder().propertyNamingStrategy(strategy).build();
    }

    @Test
    void thePrimaryOfSeveralMappersIsUsed() {
        runner.withBean(
                        "kebab",
                        JsonMapper.class,
                        () -> named(tools.jackson.databind.PropertyNamingStrategies.KEBAB_CASE),
                        definition -> definition.setPrimary(true))
                .withBean(
                        "dots",
                        JsonMapper.class,
                        () -> named(tools.jackson.databind.PropertyNamingStrategies.LOWER_DOT_CASE))
                .run(context -> assertThat(sent(context)).isEqualTo("{\"order-id\":\"a\"}"));
    }

    @Test
    void severalMappersWithoutAPrimaryAreToldOf(CapturedOutput output) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AnyMqAutoConfiguration.class))
                .withBean("one", JsonMapper.class, JsonMapper::new)
                .withBean("two", JsonMapper.class, JsonMapper::new)
                .run(context -> assertThat(sent(context)).isEqualTo("{\"orderId\":\"a\"}"));
        assertThat(output).contains("several mappers for JSON and none is @Primary");
    }

    @Test
    void theStrictMapperCanBeChosen() {
        runner.withPropertyValues("anymq.json.mapper=strict")
                .run(context -> assertThat(sent(context)).isEqualTo("{\"orderId\":\"a\"}"));
    }

    @Test
    void aCodecOfTheApplicationTakesThePlace() {
        runner.withBean(Codec.class, Jackson3Codec::new)
                .run(context -> assertThat(sent(context)).isEqualTo("{\"orderId\":\"a\"}"));
    }

    @Test
    void withoutAMapperTheCodecsOwnIsUsed() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AnyMqAutoConfiguration.class))
                .run(context -> assertThat(sent(context)).isEqualTo("{\"orderId\":\"a\"}"));
    }

    @Test
    void theApplicationsMapperOfJackson2IsUsedWhereThereIsNoJackson3Codec() {
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader(
                        ClassFilter.of(Jackson3Codec.class),
                        ClassPathResourceFilter.of(new ClassPathResource("META-INF/services/io.anymq.Codec"))))
                .withConfiguration(AutoConfigurations.of(AnyMqAutoConfiguration.class))
                .withBean(
                        ObjectMapper.class,
                        () -> new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE))
                .run(context -> assertThat(sent(context)).isEqualTo("{\"order-id\":\"a\"}"));
    }
}
