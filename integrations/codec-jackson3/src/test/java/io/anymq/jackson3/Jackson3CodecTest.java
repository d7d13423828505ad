package io.anymq.jackson3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.anymq.Codec;
import io.anymq.TypeRef;
import io.anymq.json.JsonCodecContract;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

class Jackson3CodecTest extends JsonCodecContract {
    @Override
    protected Codec strict() {
        return new Jackson3Codec();
    }

    @Override
    protected Codec allowing(String leniency) {
        return Jackson3Codec.allowing(JsonLeniency.valueOf(leniency));
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(Codec.class)).hasAtLeastOneElementOfType(Jackson3Codec.class);
    }

    @Test
    void readsAndWritesWithoutAContext() {
        Jackson3Codec own = new Jackson3Codec();
        assertThat(own.decode(own.encode(new CamelCase("a")), CamelCase.class)).isEqualTo(new CamelCase("a"));
        assertThat(own.decode(own.encode(List.of(1L)), new TypeRef<List<Long>>() {}))
                .containsExactly(1L);
    }

    @Test
    void refusesTwoMeaningsOfANumber() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jackson3Codec.allowing(JsonLeniency.EPOCH_MILLIS, JsonLeniency.EPOCH_SECONDS));
    }

    @Test
    void usesAMapperOfOnesOwn() throws Exception {
        Jackson3Codec own = Jackson3Codec.of(JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build());

        assertThat(new String(own.encode(new CamelCase("x")), UTF_8)).isEqualTo("{\"some_text\":\"x\"}");
    }

    record CamelCase(@JsonProperty String someText) {}

    @Test
    void refusesAMapperWithDefaultTyping() {
        ObjectMapper mapper = JsonMapper.builder()
                .activateDefaultTyping(
                        BasicPolymorphicTypeValidator.builder()
                                .allowIfBaseType(Object.class)
                                .build(),
                        DefaultTyping.NON_FINAL)
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jackson3Codec.of(mapper))
                .withMessageContaining("activateDefaultTyping()");
    }
}
