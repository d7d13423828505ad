package io.anymq.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.spring.listener.ListenerReaderAotSample;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MetadataTest {
    /** That of the auto-configuration: each of Boot's own modules has a file of this name. */
    private static JsonNode metadata() throws Exception {
        URL itself = AnyMqAutoConfiguration.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation();
        try (URLClassLoader alone = new URLClassLoader(new URL[] {itself}, null);
                InputStream in = alone.getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
            return new JsonMapper().readTree(in);
        }
    }

    @Test
    void everyPropertyIsDescribedWithItsTypeAndEveryDefaultIsKnown() throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode property : metadata().get("properties")) {
            names.add(property.get("name").asString());
            assertThat(property.has("type")).as(property.toString()).isTrue();
            assertThat(property.has("description")).as(property.toString()).isTrue();
        }
        assertThat(names)
                .contains("anymq.url", "anymq.enabled", "anymq.ssl.bundle", "anymq.dead-letter.then")
                .allMatch(name -> name.startsWith("anymq.") || name.startsWith("management."));
    }

    @Test
    void aheadOfTimeProcessingKeepsWhatANativeImageNeeds() {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.register(AnyMqAutoConfiguration.class, ListenerReaderAotSample.class);
        DefaultGenerationContext generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());

        new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        generation.writeGeneratedContent();

        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(ListenerReaderAotSample.class, "handle"))
                .accepts(generation.getRuntimeHints());
        assertThat(RuntimeHintsPredicates.reflection().onType(ListenerReaderAotSample.Body.class))
                .accepts(generation.getRuntimeHints());
        assertThat(RuntimeHintsPredicates.resource().forResource("META-INF/services/io.anymq.spi.BrokerAdapter"))
                .accepts(generation.getRuntimeHints());
        assertThat(RuntimeHintsPredicates.resource().forResource("META-INF/anymq/prefixes.properties"))
                .accepts(generation.getRuntimeHints());
        assertThat(RuntimeHintsPredicates.reflection().onType(StarterConfig.Listener.class))
                .accepts(generation.getRuntimeHints());
    }
}
