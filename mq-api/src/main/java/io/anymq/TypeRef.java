package io.anymq;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Objects;

/**
 * A type with its type arguments, where a {@link Class} is not enough: {@code List<Order>} rather than {@code List}.
 * Write it as an empty anonymous subclass; the compiler then records the arguments. Immutable and thread-safe; two
 * references to the same type are equal.
 *
 * <pre>{@code
 * client.consumer(batches, new TypeRef<List<Order>>() {}).start(delivery -> delivery.body().forEach(this::ship));
 * }</pre>
 *
 * @param <T> the type
 */
@API(API.Status.STABLE)
public abstract class TypeRef<T> {
    private final Type type;
    private final Class<? super T> rawType;

    /**
     * For {@code new TypeRef<List<Order>>() {}}.
     *
     * @throws IllegalArgumentException if the type argument is missing or holds a type variable, whose value is unknown
     *     at run time
     */
    @SuppressWarnings("unchecked") // the raw class of T is a supertype of T
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType self)
                || self.getRawType() != TypeRef.class) {
            throw new IllegalArgumentException(
                    "a TypeRef must name its type directly, as in new TypeRef<List<Order>>() {}");
        }
        this.type = self.getActualTypeArguments()[0];
        requireKnown(type);
        this.rawType = (Class<? super T>) raw(type);
    }

    private TypeRef(Class<T> type) {
        this.type = type;
        this.rawType = type;
    }

    @SuppressWarnings("unchecked") // the raw class of T is a supertype of T
    private TypeRef(Type type) {
        requireKnown(type);
        this.type = type;
        this.rawType = (Class<? super T>) raw(type);
    }

    /** A reference to a class without type arguments, as used by methods that take a {@link Class}. */
    public static <T> TypeRef<T> of(Class<T> type) {
        return new TypeRef<>(Objects.requireNonNull(type, "type")) {};
    }

    /**
     * A reference to a type that reflection has found, such as the parameter of a method; for frameworks.
     *
     * <pre>{@code
     * TypeRef<?> body = TypeRef.ofType(method.getGenericParameterTypes()[0]);
     * }</pre>
     *
     * @throws IllegalArgumentException if the type is or holds a type variable, whose value is unknown at run time, or
     *     is a wildcard
     */
    public static TypeRef<?> ofType(Type type) {
        Objects.requireNonNull(type, "type");
        if (type instanceof WildcardType) {
            throw new IllegalArgumentException("a TypeRef cannot be the wildcard " + type + ": name a type");
        }
        return type instanceof Class<?> plain ? of(plain) : new TypeRef<>(type) {};
    }

    /** The type with its arguments, such as {@code java.util.List<Order>}. */
    public final Type type() {
        return type;
    }

    /** The class without its arguments, such as {@code java.util.List}. */
    public final Class<? super T> rawType() {
        return rawType;
    }

    private static void requireKnown(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                requireKnown(argument);
            }
        } else if (type instanceof GenericArrayType array) {
            requireKnown(array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            for (Type bound : wildcard.getUpperBounds()) {
                requireKnown(bound);
            }
            for (Type bound : wildcard.getLowerBounds()) {
                requireKnown(bound);
            }
        } else if (!(type instanceof Class<?>)) {
            throw new IllegalArgumentException("a TypeRef cannot hold the type variable " + type
                    + ", whose value is unknown at run time: name a type, as in new TypeRef<List<Order>>() {}");
        }
    }

    private static Class<?> raw(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType parameterized) {
            return raw(parameterized.getRawType());
        }
        // what requireKnown lets through at the top level is a class, a parameterized type or an array of these
        return raw(((GenericArrayType) type).getGenericComponentType()).arrayType();
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof TypeRef<?> that && type.equals(that.type);
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    /** The type as source code would name it. */
    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
