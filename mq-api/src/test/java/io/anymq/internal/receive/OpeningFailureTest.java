package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.internal.support.OnManualBrokerInRealTime;
import org.junit.jupiter.api.Test;

/** A consumer or a producer that cannot be opened says so at once and leaves nothing behind. */
class OpeningFailureTest extends OnManualBrokerInRealTime {
    @Test
    void anErrorOfTheAdapterEndsTheStartInPlaceOfHangingIt() {
        open();
        broker.onOpenReceiver = address -> {
            throw new NoClassDefFoundError("a vendor's class");
        };
        assertThatThrownBy(() -> client.consumer(ORDERS, String.class).start(delivery -> {}))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("a vendor's class");
    }

    @Test
    void aTypeWithoutACodecLeavesNothingOpen() {
        open();
        assertThatThrownBy(() -> client.producer(ORDERS, Thread.class))
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENCODING));
        assertThat(broker.openSenders).hasValue(0);
    }
}
