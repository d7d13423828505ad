package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutstandingSendsTest {
    private static final class Send extends OutstandingSends.Entry {
        final AtomicInteger ended = new AtomicInteger();
    }

    @Test
    void whatWasAddedIsThereUntilItIsRemovedOnce() {
        OutstandingSends<Send> sends = new OutstandingSends<>(2);
        Send one = new Send();
        Send two = new Send();
        assertThat(sends.add(one) && sends.add(two)).isTrue();
        List<Send> seen = new ArrayList<>();
        sends.forEach(seen::add);
        assertThat(seen).containsExactlyInAnyOrder(one, two);
        assertThat(sends.remove(one)).isTrue();
        assertThat(sends.remove(one)).isFalse();
        assertThat(sends.isEmpty()).isFalse();
        assertThat(sends.remove(two)).isTrue();
        assertThat(sends.isEmpty()).isTrue();
    }

    @Test
    void anOldEntryIsSteppedOver() {
        OutstandingSends<Send> sends = new OutstandingSends<>(8);
        Send old = new Send();
        sends.add(old);
        for (int i = 0; i < 1_000; i++) {
            Send send = new Send();
            assertThat(sends.add(send)).isTrue();
            assertThat(sends.remove(send)).isTrue();
        }
        assertThat(sends.remove(old)).isTrue();
    }

    @Test
    void aFullRingSaysSo() {
        OutstandingSends<Send> sends = new OutstandingSends<>(1);
        int taken = 0;
        while (sends.add(new Send())) {
            taken++;
        }
        assertThat(taken).isBetween(2, 64);
    }

    @Test
    void twoThatRemoveTheSameAgreeOnWhoDid() {
        int rounds = 2_000;
        OutstandingSends<Send> sends = new OutstandingSends<>(64);
        Semaphore room = new Semaphore(64);
        List<Send> all = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            room.acquireUninterruptibly();
            Send send = new Send();
            all.add(send);
            assertThat(sends.add(send)).isTrue();
            ForkJoinPool.commonPool().execute(() -> {
                if (sends.remove(send)) {
                    send.ended.incrementAndGet();
                    room.release();
                }
            });
            if (i % 3 == 0 && sends.remove(send)) {
                send.ended.incrementAndGet();
                room.release();
            }
        }
        room.acquireUninterruptibly(64);
        assertThat(sends.isEmpty()).isTrue();
        assertThat(all).allMatch(send -> send.ended.get() == 1);
    }
}
