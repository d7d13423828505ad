package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringOutputTest {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ByteArrayOutputStream network = new ByteArrayOutputStream();
    private final GatheringOutput output = new GatheringOutput(network, timer);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private void write(int count) throws IOException {
        output.write(new byte[count]);
        output.flush();
    }

    @Test
    void aFlushReachesTheNetworkAtOnce() throws Exception {
        output.write(1);
        assertThat(network.size()).isZero();
        output.flush();
        assertThat(network.toByteArray()).containsExactly(1);
    }

    @Test
    void whatIsWrittenLazilyFollowsWithoutAnotherFlush() throws Exception {
        for (int round = 1; round <= 3; round++) {
            int expected = round * 20;
            output.lazily(() -> {
                write(10);
                write(10);
            });
            await().until(() -> network.size() == expected);
        }
    }

    @Test
    void aFlushThatMayNotWaitTakesAlongWhatMay() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        var unused = timer.submit(() -> busy.await(10, TimeUnit.SECONDS));
        output.lazily(() -> {
            output.write(7);
            output.flush();
        });
        assertThat(network.size()).isZero();
        output.write(8);
        output.flush();
        assertThat(network.toByteArray()).containsExactly(7, 8);
        busy.countDown();
    }

    @Test
    void whatIsWrittenTogetherLeavesAtTheEnd() throws Exception {
        output.together(() -> {
            write(10);
            write(10);
            assertThat(network.size()).isZero();
        });
        assertThat(network.size()).isEqualTo(20);
    }

    @Test
    void whatWasWrittenBeforeAFailureLeavesToo() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> output.together(() -> {
                    write(10);
                    throw new IOException("test");
                }));
        assertThat(network.size()).isEqualTo(10);
    }

    @Test
    void anotherOutputIsNotHeldBack() throws Exception {
        ByteArrayOutputStream otherNetwork = new ByteArrayOutputStream();
        GatheringOutput other = new GatheringOutput(otherNetwork, timer);
        output.together(() -> {
            other.write(1);
            other.flush();
            assertThat(otherNetwork.size()).isEqualTo(1);
        });
    }

    @Test
    void aFullBufferLeavesInOrder() throws Exception {
        byte[] all = new byte[200_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        int[] ends = {10, 60_000, 70_000, 190_000, 200_000};
        output.together(() -> {
            int from = 0;
            for (int to : ends) {
                output.write(all, from, to - from);
                from = to;
            }
            assertThat(network.size()).isGreaterThanOrEqualTo(190_000);
            output.flush();
        });
        assertThat(Arrays.equals(network.toByteArray(), all)).isTrue();
    }

    @Test
    void aTimerThatIsShutDownHoldsNothingBack() throws Exception {
        stop();
        output.lazily(() -> write(10));
        assertThat(network.size()).isEqualTo(10);
    }

    @Test
    void aFailedWriteIsReportedToItsFlushAndNotRepeated() throws Exception {
        int[] writes = {0};
        GatheringOutput broken = new GatheringOutput(
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        writes[0]++;
                        throw new IOException("broken");
                    }
                },
                timer);
        broken.write(1);
        assertThatExceptionOfType(IOException.class).isThrownBy(broken::flush);
        broken.flush();
        assertThat(writes[0]).isEqualTo(1);
    }
}
