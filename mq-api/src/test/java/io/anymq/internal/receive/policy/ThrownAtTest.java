package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The first place on a stack that belongs to the application. */
class ThrownAtTest {
    private static Throwable at(String... places) {
        Throwable failure = new IllegalStateException("x");
        failure.setStackTrace(List.of(places).stream()
                .map(place -> new StackTraceElement(
                        place.substring(0, place.lastIndexOf('.')),
                        place.substring(place.lastIndexOf('.') + 1),
                        "File.java",
                        7))
                .toArray(StackTraceElement[]::new));
        return failure;
    }

    @Test
    void theJdkFrameworksAndTheEngineAreNotTheApplication() {
        assertThat(ThrownAt.of(at(
                        "java.util.Objects.requireNonNull",
                        "com.acme.Proxy$$Lambda.run",
                        "org.springframework.aop.Joinpoint.proceed",
                        "com.acme.Shipping.ship",
                        "com.acme.Main.main")))
                .isEqualTo("com.acme.Shipping.ship");
        assertThat(ThrownAt.of(at("io.anymq.internal.receive.Loop.run", "java.lang.Thread.run")))
                .isNull();
    }

    @Test
    void aLambdaIsItsMethod() {
        assertThat(ThrownAt.of(at("com.acme.Shipping.lambda$ship$12"))).isEqualTo("com.acme.Shipping.ship");
    }

    @Test
    void theCauseIsAskedWhereTheFailureDoesNotSay() {
        Throwable wrapper = at("java.util.concurrent.CompletableFuture.get");
        wrapper.initCause(at("com.acme.Shipping.ship"));
        assertThat(ThrownAt.of(wrapper)).isEqualTo("com.acme.Shipping.ship");
    }

    @Test
    void aFailureThatCannotDescribeItselfHasNoPlace() {
        Throwable hostile = new IllegalStateException("x") {
            @Override
            public StackTraceElement[] getStackTrace() {
                throw new IllegalStateException("no");
            }
        };
        assertThat(ThrownAt.of(hostile)).isNull();
    }

    @Test
    void aCircleOfCausesEnds() {
        Throwable one = at("java.lang.Thread.run");
        Throwable other = at("java.lang.Thread.run");
        one.initCause(other);
        other.initCause(one);
        assertThat(ThrownAt.of(one)).isNull();
    }
}
