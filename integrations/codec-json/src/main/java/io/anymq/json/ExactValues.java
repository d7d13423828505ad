package io.anymq.json;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;

/** Puts the guards around Jackson's own readers of numbers and times. */
final class ExactValues extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    private final boolean guardTimes;

    ExactValues(boolean guardTimes) {
        this.guardTimes = guardTimes;
    }

    @Override
    public JsonDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> deserializer) {
        Class<?> type = bean.getBeanClass();
        if (type == double.class || type == Double.class || type == float.class || type == Float.class) {
            return new InfinityGuard(deserializer);
        }
        return guardTimes && TimestampGuard.GUARDED.contains(type) ? new TimestampGuard(deserializer) : deserializer;
    }
}
