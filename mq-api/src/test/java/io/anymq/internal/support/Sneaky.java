package io.anymq.internal.support;

/** Throws what a method does not declare, as code in other languages does. */
public final class Sneaky {
    private Sneaky() {}

    /** Always throws {@code failure}; {@code throw Sneaky.thrown(…)} tells the compiler so. */
    public static RuntimeException thrown(Throwable failure) {
        throw Sneaky.<RuntimeException>as(failure);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E as(Throwable failure) throws E {
        throw (E) failure;
    }
}
