package io.anymq.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.anymq.API;
import io.anymq.MessagingClient;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the modules to their boundaries. */
class ArchitectureTest {
    private static final List<String> ADAPTERS = List.of(
            "io.anymq.inmemory",
            "io.anymq.kafka",
            "io.anymq.rabbitmq",
            "io.anymq.rocketmq",
            "io.anymq.activemq",
            "io.anymq.postgresql");
    private static final List<String> OTHERS = List.of(
            "io.anymq.json",
            "io.anymq.jackson3",
            "io.anymq.jdbc",
            "io.anymq.redis",
            "io.anymq.micrometer",
            "io.anymq.opentelemetry",
            "io.anymq.spring",
            "io.anymq.brokers",
            "io.anymq.history",
            "io.anymq.tck",
            "io.anymq.simulation",
            "io.anymq.bench",
            "io.anymq.micro",
            "io.anymq.examples");
    /** Published for applications, without a module descriptor that would say what is exported. */
    private static final List<String> INTEGRATIONS = List.of(
            "io.anymq.json",
            "io.anymq.jackson3",
            "io.anymq.jdbc",
            "io.anymq.redis",
            "io.anymq.micrometer",
            "io.anymq.opentelemetry",
            "io.anymq.spring");

    private static final List<String> AROUND_THE_API =
            Stream.concat(ADAPTERS.stream(), OTHERS.stream()).toList();
    private static final String ENGINE = "io.anymq.internal..";
    private static final String ROCKETMQ_PROTOCOL = "io.anymq.rocketmq.protocol";

    /** Packages of no other module belong to mq-api, so that a new package of its own is held to the rules, too. */
    private static final DescribedPredicate<JavaClass> MQ_API = resideInAnyPackage("io.anymq..")
            .and(not(resideInAnyPackage(subtrees(AROUND_THE_API))))
            .as("in mq-api");

    private static JavaClasses all;

    @BeforeAll
    static void load() {
        all = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .withImportOption(location -> !isMeasuringLoop(location))
                .importPackages("io.anymq");
    }

    /** JMH's generated code, and the benchmarks of the engine, which stand in the package of what they measure. */
    private static boolean isMeasuringLoop(Location location) {
        return location.contains("/jmh_generated/")
                || (location.contains("micro-bench") && location.contains("/io/anymq/internal/"));
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
                        MQ_API.or(resideInAnyPackage("java..", "javax.net..", "org.slf4j..", "org.jspecify..")))
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
                .and()
                // measures them
                .resideOutsideOfPackage("io.anymq.micro..")
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
                .and()
                // Between the adapter and the protocol; see rocketMqsProtocolStandsApart.
                .resideOutsideOfPackage(ROCKETMQ_PROTOCOL)
                .should()
                .notBePublic()
                .check(all);
    }

    /** The API opens a client in one place, and knows the engine nowhere else. */
    @Test
    void onlyTheClientsFactoryOpensTheEngine() {
        noClasses()
                .that(MQ_API)
                .and()
                .resideOutsideOfPackage(ENGINE)
                .and()
                .doNotBelongToAnyOf(MessagingClient.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ENGINE)
                .check(all);
        noClasses()
                .that()
                .belongToAnyOf(MessagingClient.class)
                .should()
                .dependOnClassesThat(resideInAPackage(ENGINE).and(not(simpleName("DefaultClientBuilder"))))
                .check(all);
    }

    /** A change to what RocketMQ's client does not promise to keep must break one place only. */
    @Test
    void rocketMqsProtocolStandsApart() {
        noClasses()
                .that()
                .resideInAPackage("io.anymq.rocketmq..")
                .and()
                .resideOutsideOfPackage(ROCKETMQ_PROTOCOL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.rocketmq.remoting..", "org.apache.rocketmq.client.impl..")
                .check(all);
        noClasses()
                .that()
                .resideOutsideOfPackages("io.anymq.rocketmq", ROCKETMQ_PROTOCOL)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROCKETMQ_PROTOCOL)
                .because("its types are the adapter's own business")
                .check(all);
        noClasses()
                .that()
                .resideInAPackage(ROCKETMQ_PROTOCOL)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.anymq.rocketmq")
                .because("the protocol does not know what the adapter makes of it")
                .check(all);
    }

    /** Every package of every module, the root package included. */
    @Test
    void packagesFormNoCycle() {
        slices().assignedFrom(new PackagesOfUsers())
                .should()
                .beFreeOfCycles()
                .ignoreDependency(belongToAnyOf(MessagingClient.class), resideInAPackage(ENGINE))
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

    /** What docs/versioning.md says; those of mq-api have a test of their own. */
    @Test
    void everyPublicTypeOfAnIntegrationSaysWhatItPromises() {
        classes()
                .that()
                .resideInAnyPackage(subtrees(INTEGRATIONS))
                .and()
                // Public for Spring alone.
                .resideOutsideOfPackages("io.anymq.spring.client", "io.anymq.spring.listener")
                .and()
                .areTopLevelClasses()
                .and()
                .arePublic()
                .should()
                .beAnnotatedWith(API.class)
                .check(all);
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

    @Test
    void theHistoryCheckerKnowsNothingOfTheEngine() {
        classes()
                .that()
                .resideInAPackage("io.anymq.history..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.anymq.history..", "java..", "org.jspecify.."))
                .because("a checker that shares code with the engine shares its mistakes")
                .check(all);
        noClasses()
                .that()
                .resideInAPackage("io.anymq.history")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.anymq.history.check..")
                .because("recording knows nothing of checking")
                .check(all);
    }

    /**
     * Each package by itself; the API's three describe one another ({@code Message}, its policies, its capabilities).
     */
    private static final class PackagesOfUsers implements SliceAssignment {
        private static final Set<String> API = Set.of("io.anymq", "io.anymq.policy", "io.anymq.spi");

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            if (!name.startsWith("io.anymq")) {
                return SliceIdentifier.ignore();
            }
            return SliceIdentifier.of(API.contains(name) ? "the API" : name);
        }

        @Override
        public String getDescription() {
            return "packages";
        }
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
