package io.anymq.history;

import io.anymq.history.JsonObject.Malformed;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entries as lines of JSON and back. The fields are the components of the event records, so a new event needs no code
 * here; a content is written as its three fields, and null values are omitted.
 */
final class EntryCodec {
    private static final Map<Class<?>, Kind> BY_TYPE = new HashMap<>();
    private static final Map<String, Kind> BY_NAME = new HashMap<>();
    private static final Shape CONTENT = Shape.of(Content.class);

    static {
        for (Class<?> type : Event.class.getPermittedSubclasses()) {
            String name = Character.toLowerCase(type.getSimpleName().charAt(0))
                    + type.getSimpleName().substring(1);
            Kind kind = new Kind(name, Shape.of(type));
            BY_TYPE.put(type, kind);
            BY_NAME.put(name, kind);
        }
    }

    private record Kind(String name, Shape shape) {}

    private record Field(String name, Class<?> type, boolean optional, Method accessor) {}

    private record Shape(List<Field> fields, Constructor<?> constructor) {
        static Shape of(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            List<Field> fields = new ArrayList<>();
            for (RecordComponent component : components) {
                Method accessor = component.getAccessor();
                // the nested records are as public as Event, but their package need not be open to reflection
                accessor.setAccessible(true);
                fields.add(new Field(
                        component.getName(),
                        component.getType(),
                        accessor.getAnnotatedReturnType().isAnnotationPresent(Nullable.class),
                        accessor));
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            try {
                return new Shape(fields, type.getDeclaredConstructor(types));
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("the record has no canonical constructor: " + type, e);
            }
        }
    }

    /** Shares equal strings, of which a history is full. */
    private final Map<String, String> pool = new HashMap<>();

    static String format(Entry entry) {
        StringBuilder out = new StringBuilder(192);
        out.append("{\"process\":");
        JsonObject.appendQuoted(out, entry.process());
        out.append(",\"n\":").append(entry.sequence()).append(",\"at\":").append(entry.at());
        Kind kind = BY_TYPE.get(entry.event().getClass());
        if (kind == null) {
            throw new IllegalStateException(
                    "the class is not an event: " + entry.event().getClass());
        }
        out.append(",\"event\":\"").append(kind.name()).append('"');
        append(out, kind.shape(), entry.event());
        return out.append('}').toString();
    }

    private static void append(StringBuilder out, Shape shape, Object record) {
        for (Field field : shape.fields()) {
            Object value;
            try {
                value = field.accessor().invoke(record);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot read " + field.name() + " of " + record.getClass(), e);
            }
            if (value instanceof Content content) {
                append(out, CONTENT, content);
            } else if (value != null) {
                out.append(",\"").append(field.name()).append("\":");
                if (value instanceof Number || value instanceof Boolean) {
                    out.append(value);
                } else {
                    JsonObject.appendQuoted(out, value.toString());
                }
            }
        }
    }

    Entry parse(String line) throws Malformed {
        Map<String, Object> fields = JsonObject.parse(line);
        String process = pooled(take(fields, "process", String.class));
        long sequence = take(fields, "n", Long.class);
        long at = take(fields, "at", Long.class);
        String name = take(fields, "event", String.class);
        Kind kind = BY_NAME.get(name);
        if (kind == null) {
            throw new Malformed("unknown event " + JsonObject.quote(name));
        }
        Event event = (Event) build(kind.shape(), fields);
        if (!fields.isEmpty()) {
            throw new Malformed("the event " + name + " has no field "
                    + JsonObject.quote(fields.keySet().iterator().next()));
        }
        return new Entry(process, sequence, at, event);
    }

    private Object build(Shape shape, Map<String, Object> fields) throws Malformed {
        @Nullable Object[] values = new @Nullable Object[shape.fields().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(shape.fields().get(i), fields);
        }
        try {
            return shape.constructor().newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + shape.constructor(), e);
        }
    }

    private @Nullable Object value(Field field, Map<String, Object> fields) throws Malformed {
        Class<?> type = field.type();
        if (type == Content.class) {
            return build(CONTENT, fields);
        }
        if (field.optional() && !fields.containsKey(field.name())) {
            return null;
        }
        if (type == String.class) {
            return pooled(take(fields, field.name(), String.class));
        }
        if (type == boolean.class) {
            return take(fields, field.name(), Boolean.class);
        }
        if (type == SendOutcome.class) {
            String text = take(fields, field.name(), String.class);
            try {
                return SendOutcome.valueOf(text);
            } catch (IllegalArgumentException e) {
                throw new Malformed("unknown outcome " + JsonObject.quote(text));
            }
        }
        long number = take(fields, field.name(), Long.class);
        if (type == long.class) {
            return number;
        }
        if (number != (int) number) {
            throw new Malformed(field.name() + " is too large: " + number);
        }
        return (int) number;
    }

    private static <T> T take(Map<String, Object> fields, String name, Class<T> type) throws Malformed {
        Object value = fields.remove(name);
        if (value == null) {
            throw new Malformed("the field " + name + " is missing");
        }
        if (!type.isInstance(value)) {
            throw new Malformed(
                    "the field " + name + " is not a " + type.getSimpleName().toLowerCase(Locale.ROOT));
        }
        return type.cast(value);
    }

    private String pooled(String text) {
        String known = pool.putIfAbsent(text, text);
        return known == null ? text : known;
    }
}
