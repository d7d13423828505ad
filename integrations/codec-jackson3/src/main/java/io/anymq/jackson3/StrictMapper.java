package io.anymq.jackson3;

import static io.anymq.jackson3.JsonLeniency.CONVERTED_SCALARS;
import static io.anymq.jackson3.JsonLeniency.DECIMAL_AS_DOUBLE;
import static io.anymq.jackson3.JsonLeniency.DUPLICATE_KEYS;
import static io.anymq.jackson3.JsonLeniency.EPOCH_MILLIS;
import static io.anymq.jackson3.JsonLeniency.EPOCH_SECONDS;
import static io.anymq.jackson3.JsonLeniency.FRACTION_AS_INTEGER;
import static io.anymq.jackson3.JsonLeniency.NULL_AS_PRIMITIVE;
import static io.anymq.jackson3.JsonLeniency.NUMBER_AS_ENUM;
import static io.anymq.jackson3.JsonLeniency.TRAILING_TOKENS;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/** A mapper for documents that come from anywhere: what it cannot read exactly it refuses. */
final class StrictMapper {
    static final int MAX_NESTING = 200;
    static final int MAX_NUMBER_LENGTH = 1000;

    private static final List<LogicalType> SCALARS =
            List.of(LogicalType.Integer, LogicalType.Float, LogicalType.Boolean, LogicalType.DateTime);

    private StrictMapper() {}

    static ObjectMapper create(Set<JsonLeniency> allowed) {
        // The same depth both ways: what one side can write, the other can read.
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .build())
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, !allowed.contains(DUPLICATE_KEYS))
                // Four bytes of UTF-8 instead of two escapes of six characters each.
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .build();
        JsonMapper.Builder mapper = JsonMapper.builder(factory)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .configure(DeserializationFeature.ACCEPT_FLOAT_AS_INT, allowed.contains(FRACTION_AS_INTEGER))
                .configure(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS, !allowed.contains(NUMBER_AS_ENUM))
                .configure(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, !allowed.contains(NULL_AS_PRIMITIVE))
                .configure(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, !allowed.contains(DECIMAL_AS_DOUBLE))
                .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, !allowed.contains(TRAILING_TOKENS))
                .configure(DateTimeFeature.READ_DATE_TIMESTAMPS_AS_NANOSECONDS, !allowed.contains(EPOCH_MILLIS))
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                // A validator without a rule allows no class named by a document, not even through an annotation.
                .polymorphicTypeValidator(
                        BasicPolymorphicTypeValidator.builder().build());
        if (!allowed.contains(CONVERTED_SCALARS)) {
            refuseConversions(mapper);
        }
        boolean guardTimes = !allowed.contains(EPOCH_SECONDS) && !allowed.contains(EPOCH_MILLIS);
        return mapper.addModule(new SimpleModule("exact-values").setDeserializerModifier(new ExactValues(guardTimes)))
                .build();
    }

    private static void refuseConversions(JsonMapper.Builder mapper) {
        mapper.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        for (LogicalType type : SCALARS) {
            mapper.withCoercionConfig(
                    type,
                    config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                            .setAcceptBlankAsEmpty(true));
        }
        mapper.withCoercionConfig(
                LogicalType.Enum, config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail));
        mapper.withCoercionConfig(
                LogicalType.Textual,
                config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
        // Decimals travel as text where other languages would round them.
        for (Class<?> exact : List.of(BigDecimal.class, BigInteger.class)) {
            mapper.withCoercionConfig(
                    exact,
                    config -> config.setCoercion(CoercionInputShape.String, CoercionAction.TryConvert)
                            .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                            .setAcceptBlankAsEmpty(true));
        }
    }
}
