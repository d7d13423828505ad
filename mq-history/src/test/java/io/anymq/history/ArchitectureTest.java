package io.anymq.history;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** A judge that borrows from the judged would share its mistakes. */
class ArchitectureTest {
    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("io.anymq");

    @Test
    void itKnowsNothingOfTheEngine() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.anymq.history..", "java..", "org.jspecify.."))
                .check(MODULE);
    }

    @Test
    void recordingKnowsNothingOfChecking() {
        noClasses()
                .that()
                .resideInAPackage("io.anymq.history")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.anymq.history.check..")
                .check(MODULE);
    }
}
