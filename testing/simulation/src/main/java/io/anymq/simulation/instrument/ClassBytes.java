package io.anymq.simulation.instrument;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;

/** The rewriter's knowledge about other classes. Thread-safe. */
final class ClassBytes {
    private record Facts(@Nullable String parent, Set<String> volatiles) {}

    private static final Facts NONE = new Facts(null, Set.of());

    private final ClassLoader source;
    private final Map<String, Facts> known = new ConcurrentHashMap<>();

    ClassBytes(ClassLoader source) {
        this.source = source;
    }

    boolean isVolatile(String owner, String field) {
        for (String name = owner;
                name != null && name.startsWith("io/anymq/");
                name = facts(name).parent()) {
            if (facts(name).volatiles().contains(field)) {
                return true;
            }
        }
        return false;
    }

    /** The first class outside of AnyMQ that this one extends, or itself. */
    String foreignAncestor(String owner) {
        String name = owner;
        while (name != null && name.startsWith("io/anymq/")) {
            name = facts(name).parent();
        }
        return name == null ? "java/lang/Object" : name;
    }

    private Facts facts(String name) {
        return known.computeIfAbsent(name, this::read);
    }

    private Facts read(String name) {
        try (InputStream in = source.getResourceAsStream(name + ".class")) {
            if (in == null) {
                return NONE;
            }
            ClassReader reader = new ClassReader(in);
            Set<String> volatiles = new HashSet<>();
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9) {
                        @Override
                        public @Nullable FieldVisitor visitField(
                                int access,
                                String field,
                                String type,
                                @Nullable String generic,
                                @Nullable Object value) {
                            if ((access & Opcodes.ACC_VOLATILE) != 0) {
                                volatiles.add(field);
                            }
                            return null;
                        }
                    },
                    ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            return new Facts(reader.getSuperName(), Set.copyOf(volatiles));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the class " + name, e);
        }
    }
}
