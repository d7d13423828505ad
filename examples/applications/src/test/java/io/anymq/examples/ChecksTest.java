package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChecksTest {
    @Test
    void aTrueClaimPasses() {
        AtomicInteger asked = new AtomicInteger();

        assertThatCode(() -> Checks.isTrue("water is wet", true)).doesNotThrowAnyException();
        assertThatCode(() -> Checks.eventually("later", () -> asked.incrementAndGet() > 3))
                .doesNotThrowAnyException();
    }

    @Test
    void aFalseClaimEndsTheProgram() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Checks.isTrue("water is dry", false))
                .withMessage("not true: water is dry");
    }
}
