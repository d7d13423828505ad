package io.anymq.spi;

import io.anymq.API;
import java.util.EnumMap;
import java.util.Map;

/**
 * The capabilities of the connected broker. Every capability must be declared. Immutable.
 *
 * <pre>{@code
 * Capabilities.builder().with(Capability.TOPICS, Support.NATIVE) … .maxBodyBytes(1 << 20).build()
 * }</pre>
 */
@API(API.Status.EVOLVING)
public final class Capabilities {
    private final Map<Capability, Support> support;
    private final int maxBodyBytes;

    private Capabilities(Map<Capability, Support> support, int maxBodyBytes) {
        this.support = support;
        this.maxBodyBytes = maxBodyBytes;
    }

    /** An empty builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** The support of {@code capability}. */
    public Support of(Capability capability) {
        Support declared = support.get(capability);
        if (declared == null) {
            throw new IllegalStateException(capability + " is not declared by the adapter");
        }
        return declared;
    }

    /** Whether it is NATIVE or EMULATED. */
    public boolean has(Capability capability) {
        return of(capability) != Support.UNSUPPORTED;
    }

    /** The same with another declaration of {@code capability}. */
    public Capabilities with(Capability capability, Support how) {
        EnumMap<Capability, Support> changed = new EnumMap<>(support);
        changed.put(capability, how);
        return new Capabilities(Map.copyOf(changed), maxBodyBytes);
    }

    /** The largest body this broker takes, in bytes. */
    public int maxBodyBytes() {
        return maxBodyBytes;
    }

    @Override
    public String toString() {
        return support + ", bodies up to " + maxBodyBytes + " bytes";
    }

    /** Builds {@link Capabilities}. Not thread-safe. */
    public static final class Builder {
        private final Map<Capability, Support> support = new EnumMap<>(Capability.class);
        private int maxBodyBytes = Integer.MAX_VALUE;

        private Builder() {}

        /** Declares one. */
        public Builder with(Capability capability, Support how) {
            support.put(capability, how);
            return this;
        }

        /** The largest body; unbounded by default. */
        public Builder maxBodyBytes(int bytes) {
            this.maxBodyBytes = bytes;
            return this;
        }

        /** Throws {@link IllegalStateException} naming a capability that was not declared. */
        public Capabilities build() {
            for (Capability capability : Capability.values()) {
                if (!support.containsKey(capability)) {
                    throw new IllegalStateException(capability + " is not declared by the adapter");
                }
            }
            return new Capabilities(Map.copyOf(support), maxBodyBytes);
        }
    }
}
