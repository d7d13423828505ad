package io.anymq.micro;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.micro.peer.Peer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The books detect faulty peers; each of these calls the handler at once, on the sender's thread. */
class TrafficTest {
    private final Traffic traffic = new Traffic(true, Duration.ofMillis(300));

    @Test
    void aSoundPeerPasses() {
        assertThatCode(() -> {
                    Peer peer = opened(new Direct());
                    traffic.burst(peer);
                    traffic.burst(peer);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aLostMessageIsFound() {
        Direct loses = new Direct() {
            @Override
            void carry(int number, byte[] body) {
                if (number != 500) {
                    handler.accept(body);
                }
            }
        };

        assertThatThrownBy(() -> traffic.burst(opened(loses)))
                .hasMessageContaining("1 of 20000 messages did not arrive");
    }

    @Test
    void oneThatComesTwiceInPlaceOfAnotherIsFound() {
        Traffic unordered = new Traffic(false, Duration.ofMillis(300));
        Direct repeats = new Direct() {
            private byte[] last = {};

            @Override
            void carry(int number, byte[] body) {
                handler.accept(number == 501 ? last : body);
                last = body;
            }
        };
        repeats.open(unordered::handle);

        assertThatThrownBy(() -> unordered.burst(repeats)).hasMessageContaining("message 500 arrived 2 times");
    }

    @Test
    void oneOfAnEarlierBurstIsFound() {
        Direct late = new Direct() {
            private byte[] first = {};

            @Override
            void carry(int number, byte[] body) {
                if (first.length == 0) {
                    first = body;
                }
                handler.accept(body);
                if (number == Traffic.BURST + 10) {
                    handler.accept(first);
                }
            }
        };

        assertThatThrownBy(() -> {
                    Peer peer = opened(late);
                    traffic.burst(peer);
                    traffic.burst(peer);
                })
                .hasMessageContaining("was repeated");
    }

    @Test
    void anOvertakingMessageIsFound() {
        Direct reverses = new Direct() {
            private final ArrayDeque<byte[]> gathered = new ArrayDeque<>();

            @Override
            void carry(int number, byte[] body) {
                gathered.push(body);
                while (gathered.size() == 1_000) {
                    for (int i = 0; i < 1_000; i++) {
                        handler.accept(gathered.pop());
                    }
                }
            }
        };

        assertThatThrownBy(() -> traffic.burst(opened(reverses))).hasMessageContaining("after a later one of its key");
    }

    @Test
    void aSendWithoutAConfirmIsFound() {
        Direct refuses = new Direct() {
            @Override
            public CompletableFuture<?> send(String key, byte[] body) {
                carry(0, body);
                return CompletableFuture.failedFuture(new IllegalStateException("not stored"));
            }
        };

        assertThatThrownBy(() -> traffic.burst(opened(refuses))).hasMessageContaining("not stored");
    }

    private Peer opened(Direct peer) {
        peer.open(traffic::handle);
        return peer;
    }

    /** A method call instead of a queue. */
    @SuppressWarnings("UnusedVariable") // the number is for those that misbehave
    private static class Direct implements Peer {
        Consumer<byte[]> handler = body -> {};
        private int number;

        @Override
        public void open(Consumer<byte[]> handler) {
            this.handler = handler;
        }

        @Override
        public CompletableFuture<?> send(String key, byte[] body) {
            carry(number++, body);
            return null;
        }

        void carry(int number, byte[] body) {
            handler.accept(body);
        }

        @Override
        public void close() {}
    }
}
