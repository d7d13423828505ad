package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VendorErrorsTest {
    private static String message(Throwable cause, String advice) {
        return VendorErrors.error("sending to orders", ErrorCode.INTERNAL, cause, advice)
                .getMessage();
    }

    @Test
    void theMessageSaysWhatFailedWhyAndWhatToDo() {
        IOException cause = new IOException("disk\nfull");
        assertThat(message(cause, "make room")).endsWith("sending to orders failed: disk\\u000afull; make room");
        assertThat(message(cause, "")).endsWith("sending to orders failed: disk\\u000afull");
        assertThat(message(new IOException(), "")).endsWith("sending to orders failed: IOException");
        assertThat(message(new IOException(" "), "")).endsWith("sending to orders failed: IOException");
        assertThat(VendorErrors.error("sending", ErrorCode.FULL, cause, "")).hasCause(cause);
    }

    @Test
    void whatMayWorkLaterIsRetryable() {
        Set<ErrorCode> retryable = Stream.of(ErrorCode.values())
                .filter(code ->
                        VendorErrors.error("x", code, new IOException("y"), "").isRetryable())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ErrorCode.class)));
        assertThat(retryable).containsExactlyInAnyOrder(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT, ErrorCode.FULL);
        assertThat(VendorErrors.error("x", ErrorCode.CLOSED, new InterruptedException(), "")
                        .isRetryable())
                .isTrue();
    }

    @Test
    void theFailureItselfComesBeforeItsCauses() {
        Map<Class<?>, ErrorCode> codes =
                Map.of(IOException.class, ErrorCode.UNAVAILABLE, SecurityException.class, ErrorCode.AUTHORIZATION);
        Exception security = new SecurityException("no");
        assertThat(VendorErrors.code(new UncheckedIOException(new IOException(security)), codes))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(VendorErrors.code(new IllegalStateException(security), codes))
                .isEqualTo(ErrorCode.AUTHORIZATION);
        assertThat(VendorErrors.code(new EOFException(), codes)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(VendorErrors.code(new IllegalStateException("x"), codes)).isNull();
    }

    @Test
    void theReasonMayBeInOwnWords() {
        MessagingException error =
                VendorErrors.error("sending to orders", ErrorCode.FULL, "no room", "make some", null);
        assertThat(error)
                .hasMessage("sending to orders failed: no room; make some")
                .hasNoCause();
        assertThat(error.isRetryable()).isTrue();
        assertThat(VendorErrors.error(ErrorCode.INTERNAL, "odd", null)).hasMessage("odd");
    }

    @Test
    void causesAreFoundAtAnyDepth() {
        IOException cause = new IOException("no space left");
        Exception outer = new IllegalStateException(new UncheckedIOException("outside", cause));
        assertThat(VendorErrors.rootText(outer)).isEqualTo("no space left");
        assertThat(VendorErrors.rootText(cause)).isEqualTo("no space left");
        assertThat(VendorErrors.isCausedBy(outer, TimeoutException.class, IOException.class))
                .isTrue();
        assertThat(VendorErrors.isCausedBy(outer, IllegalStateException.class)).isTrue();
        assertThat(VendorErrors.isCausedBy(outer, TimeoutException.class)).isFalse();
    }

    @Test
    void anUnknownFormIsNamedWithoutWhatItHolds() {
        assertThat(VendorErrors.unknownForm("X", "headers=c2VjcmV0"))
                .hasMessageContaining("X cannot store a message as 'headers' again")
                .hasMessageNotContaining("c2VjcmV0");
        assertThat(VendorErrors.unknownForm("X", "frame").code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
    }
}
