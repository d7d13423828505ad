package io.anymq.jackson3;

import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;

/** Puts the guards around Jackson's own readers of numbers and times. */
final class ExactValues extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1L;

    private final boolean guardTimes;

    ExactValues(boolean guardTimes) {
        this.guardTimes = guardTimes;
    }

    @Override
    public ValueDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription.Supplier bean, ValueDeserializer<?> deserializer) {
        Class<?> type = bean.getBeanClass();
        if (type.isPrimitive() || type == Double.class || type == Float.class) {
            return new PrimitiveGuard(deserializer);
        }
        return guardTimes && TimestampGuard.GUARDED.contains(type) ? new TimestampGuard(deserializer) : deserializer;
    }
}
