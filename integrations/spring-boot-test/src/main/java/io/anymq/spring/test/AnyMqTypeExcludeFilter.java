package io.anymq.spring.test;

import io.anymq.spring.AnyMqClientCustomizer;
import io.anymq.spring.AnyMqListener;
import java.io.IOException;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** Of the application's components, those with a listener. */
final class AnyMqTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<AnyMqTest> {
    AnyMqTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
    }

    @Override
    protected boolean defaultInclude(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
        return super.defaultInclude(reader, factory)
                || reader.getAnnotationMetadata().hasAnnotatedMethods(AnyMqListener.class.getName());
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        return Set.of(AnyMqClientCustomizer.class);
    }
}
