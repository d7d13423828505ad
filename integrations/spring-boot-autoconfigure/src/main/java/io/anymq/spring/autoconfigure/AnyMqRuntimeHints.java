package io.anymq.spring.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What a native image must keep: the files by which the engine finds adapters, codecs and keys. */
final class AnyMqRuntimeHints implements RuntimeHintsRegistrar {
    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.resources()
                .registerPattern("META-INF/services/io.anymq.*")
                .registerPattern("META-INF/anymq/*")
                .registerPattern("anymq.properties");
        // its accessors name the keys
        new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), AnyMqProperties.class);
        for (Class<?> module : StarterConfig.class.getDeclaredClasses()) {
            hints.reflection().registerType(module, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
        }
    }
}
