package io.anymq.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.impl.LaissezFaireSubTypeValidator;
import io.anymq.Codec;
import io.anymq.TypeRef;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class JsonCodecTest extends JsonCodecContract {
    @Override
    protected Codec strict() {
        return new JsonCodec();
    }

    @Override
    protected Codec allowing(String leniency) {
        return JsonCodec.allowing(JsonLeniency.valueOf(leniency));
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(Codec.class)).hasAtLeastOneElementOfType(JsonCodec.class);
    }

    @Test
    void readsAndWritesWithoutAContext() {
        JsonCodec own = new JsonCodec();
        assertThat(own.decode(own.encode(new Shop.Note("a")), Shop.Note.class)).isEqualTo(new Shop.Note("a"));
        assertThat(own.decode(own.encode(List.of(1L)), new TypeRef<List<Long>>() {}))
                .containsExactly(1L);
    }

    @Test
    void refusesTwoMeaningsOfANumber() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonCodec.allowing(JsonLeniency.EPOCH_MILLIS, JsonLeniency.EPOCH_SECONDS));
    }

    @Test
    void usesAMapperOfOnesOwnAsItIsNow() throws Exception {
        ObjectMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        JsonCodec own = JsonCodec.of(mapper);
        mapper.setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE);

        assertThat(new String(own.encode(new CamelCase("x")), UTF_8)).isEqualTo("{\"some_text\":\"x\"}");
    }

    record CamelCase(@JsonProperty String someText) {}

    @Test
    void refusesAMapperWithDefaultTyping() {
        ObjectMapper mapper = JsonMapper.builder()
                .activateDefaultTyping(LaissezFaireSubTypeValidator.instance, ObjectMapper.DefaultTyping.NON_FINAL)
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonCodec.of(mapper))
                .withMessageContaining("deactivateDefaultTyping()");
    }
}
