package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    @Test
    void aTrueClaimPasses() {
        AtomicInteger asked = new AtomicInteger();

        assertThatCode(() -> Claims.holds("water is wet", true)).doesNotThrowAnyException();
        assertThatCode(() -> Claims.comesTrue("later", () -> asked.incrementAndGet() > 3))
                .doesNotThrowAnyException();
    }

    @Test
    void aFalseClaimEndsTheProgram() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Claims.holds("water is dry", false))
                .withMessage("not true: water is dry");
    }
}
