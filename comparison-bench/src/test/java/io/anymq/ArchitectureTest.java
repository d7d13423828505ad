package io.anymq;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the modules to their boundaries. It lives here because this module sees all others but the examples. */
class ArchitectureTest {
    private static final List<String> ADAPTERS = List.of(
            "io.anymq.inmemory", "io.anymq.kafka", "io.anymq.rabbitmq", "io.anymq.rocketmq", "io.anymq.activemq");
    private static final List<String> OTHERS =
            List.of("io.anymq.json", "io.anymq.brokers", "io.anymq.tck", "io.anymq.simulation", "io.anymq.bench");
    private static final List<String> AROUND_THE_API =
            Stream.concat(ADAPTERS.stream(), OTHERS.stream()).toList();
    private static final String ENGINE = "io.anymq.internal..";

    /** Whatever is not another module's belongs to mq-api, so that a new package of its own is held to the rules, too. */
    private static final DescribedPredicate<JavaClass> MQ_API = resideInAnyPackage("io.anymq..")
            .and(not(resideInAnyPackage(subtrees(AROUND_THE_API))))
            .as("in mq-api");

    private static JavaClasses all;

    @BeforeAll
    static void load() {
        all = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages("io.anymq");
    }

    static Stream<String> modules() {
        return AROUND_THE_API.stream();
    }

    static Stream<String> adapters() {
        return ADAPTERS.stream();
    }

    /** Else a rule about a module that fell off the class path would hold without saying anything. */
    @ParameterizedTest
    @MethodSource("modules")
    void everyModuleIsChecked(String module) {
        assertThat(all.stream().map(JavaClass::getPackageName)).contains(module);
    }

    @Test
    void apiKnowsNoVendor() {
        classes()
                .that(MQ_API)
                .should()
                .onlyDependOnClassesThat(
                        MQ_API.or(resideInAnyPackage("java..", "javax.net.ssl..", "org.slf4j..", "org.jspecify..")))
                .because("the API is the same for every broker, and brings SLF4J and JSpecify only beside the JDK")
                .check(all);
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void adapterKnowsNoOther(String adapter) {
        List<String> forbidden = AROUND_THE_API.stream()
                .filter(module -> !module.equals(adapter))
                .toList();
        noClasses()
                .that()
                .resideInAPackage(adapter + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(subtrees(forbidden))
                .because("an adapter stands on mq-api and its vendor's client alone")
                .check(all);
    }

    @Test
    void onlyTheApiTouchesTheEngine() {
        noClasses()
                .that()
                .resideInAnyPackage(subtrees(AROUND_THE_API))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ENGINE)
                .because("the engine's internals change without notice")
                .check(all);
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void adapterShowsItsEntryAndItsOptionsOnly(String adapter) {
        classes()
                .that()
                .resideInAPackage(adapter + "..")
                .and()
                .areTopLevelClasses()
                .and()
                .haveSimpleNameNotEndingWith("Adapter")
                .and()
                .haveSimpleNameNotEndingWith("Config")
                .and()
                // The vendor's own client, as it were: what unwrap gives on an adapter that brings its broker along.
                .doNotHaveFullyQualifiedName("io.anymq.inmemory.broker.InMemoryBroker")
                .and()
                // Found by the vendor's copy of SLF4J, which asks for a public class.
                .doNotHaveFullyQualifiedName("io.anymq.rocketmq.log.ClientLogProvider")
                .should()
                .notBePublic()
                .check(all);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("io.anymq.(*)..").should().beFreeOfCycles().check(all);
        slices().matching("io.anymq.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(all);
    }

    /** keys, policy, redelivery and the consumer around them: see the walk in docs/design.md. */
    @Test
    void theReceivePipelineIsLayered() {
        String receive = "io.anymq.internal.receive";
        slices().matching(receive + ".(*)..").should().beFreeOfCycles().check(all);
        noClasses()
                .that()
                .resideInAPackage(receive + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(receive)
                .check(all);
        noClasses()
                .that()
                .resideInAPackage(receive + ".keys")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(receive + ".policy..", receive + ".redelivery..")
                .because("the executor does not know what it runs")
                .check(all);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes().should(beInANullMarkedPackage()).check(all);
    }

    @Test
    void nothingSleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .because("waiting is done on a condition, with a bound, or in virtual time")
                .check(all);
    }

    @Test
    void nothingUsesJavaSerialization() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
                .check(all);
    }

    private static ArchCondition<JavaClass> beInANullMarkedPackage() {
        return new ArchCondition<>("be in a @NullMarked package") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                events.add(new SimpleConditionEvent(
                        item,
                        item.getPackage().isAnnotatedWith(NullMarked.class),
                        item.getPackageName() + " needs a package-info.java with @NullMarked"));
            }
        };
    }

    private static String[] subtrees(List<String> packages) {
        return packages.stream().map(name -> name + "..").toArray(String[]::new);
    }
}
