package io.anymq.simulation.instrument;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads AnyMQ once more, instrumented: the very class files of the engine, the in-memory broker and whatever else runs
 * in the simulation. The simulation's own classes, the history, and all that is not AnyMQ come from outside.
 */
public final class GuestLoader extends ClassLoader {
    private static final String OURS = "io.anymq.";
    private static final List<String> HOSTS = List.of(
            "io.anymq.history.",
            "io.anymq.simulation.scheduler.",
            "io.anymq.simulation.instrument.",
            "io.anymq.simulation.plan.");

    private final ClassBytes classes;
    private final @Nullable EngineFlaw flaw;

    static {
        registerAsParallelCapable();
    }

    /** {@code parent} knows the class files; {@code flaw} is a defect to put in, or null. */
    public GuestLoader(ClassLoader parent, @Nullable EngineFlaw flaw) {
        super("simulation", parent);
        this.flaw = flaw;
        this.classes = new ClassBytes(parent);
    }

    private static boolean isGuest(String name) {
        return name.startsWith(OURS) && HOSTS.stream().noneMatch(name::startsWith);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isGuest(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                loaded = define(name);
            }
            return loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] original;
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            original = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the class " + name, e);
        }
        byte[] instrumented = Rewriter.rewrite(original, classes, flaw != null && flaw.isIn(name) ? flaw : null);
        return defineClass(name, instrumented, 0, instrumented.length);
    }
}
