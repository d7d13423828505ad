package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Codec;
import io.anymq.Consumer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.internal.support.StoredMessage;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.spi.WireHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that cannot be decoded are dead-lettered. */
class DecodeLayerTest extends OnManualBroker {
    /** Of everything; bodies that begin with "bad" say how decoding them ends. */
    private static final class Fragile implements Codec {
        @Override
        public String contentType() {
            return "text/plain; charset=utf-8";
        }

        @Override
        public boolean supports(java.lang.reflect.Type type) {
            return true;
        }

        @Override
        public byte[] encode(Object body, EncodeContext context) {
            throw new AssertionError("only decodes");
        }

        @Override
        public Object decode(byte[] bytes, DecodeContext context) throws Exception {
            String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
            switch (text) {
                case "bad-exception" -> throw new IOException("truncated");
                case "bad-overflow" -> throw new StackOverflowError();
                case "bad-linkage" -> throw new NoClassDefFoundError("io/example/Gone");
                case "bad-null" -> {
                    @SuppressWarnings("NullAway")
                    Object nothing = null;
                    return nothing;
                }
                default -> {
                    return "decoded " + text;
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad-exception", "bad-overflow", "bad-linkage", "bad-null"})
    void whatCannotBeDecodedMeetsNoHandlerAndIsKept(String id) {
        client(new Fragile());
        put("k", id, "good");
        Consumer consumer = consumer(ORDERS).start(delivery -> handled.add(delivery.body()));
        settledAll(consumer);
        assertThat(handled).containsExactly("decoded good");
        assertThat(broker.ids(AT_DEAD)).containsExactly(id);
        StoredMessage dead = broker.at(AT_DEAD).get(0);
        assertThat(new String(dead.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(id);
        assertThat(dead.headers())
                .containsEntry(WireHeaders.DEAD_REASON, "UNDECODABLE")
                .containsEntry(WireHeaders.DEAD_ATTEMPTS, "0")
                .containsKey(WireHeaders.DEAD_EXCEPTION);
    }

    @Test
    void anUnknownContentTypeIsUndecodable() {
        broker.put(AT_ORDERS, "m1", null, Map.of());
        Consumer consumer = client().consumer(ORDERS, Thread.class).start(delivery -> note(delivery));
        settledAll(consumer);
        assertThat(handled).isEmpty();
        assertThat(broker.at(AT_DEAD).get(0).headers()).containsEntry(WireHeaders.DEAD_REASON, "UNDECODABLE");
    }

    @Test
    void theIdempotencyStoreIsNotAskedAboutWhatCannotBeDecoded() {
        ScriptedStore store = new ScriptedStore(time);
        client(new Fragile());
        put("k", "bad-exception", "good");
        Consumer consumer = consumer(ORDERS)
                .idempotency(IdempotencyPolicy.builder(store)
                        .lease(Duration.ofMinutes(1))
                        .build())
                .start(delivery -> note(delivery));
        settledAll(consumer);
        assertThat(store.answered).containsExactly("claim good", "complete good");
        assertThat(broker.ids(AT_DEAD)).containsExactly("bad-exception");
    }

    @Test
    void whatIsBrokenAsItIsStoredIsKeptAndGivenBackAsItWas() throws Exception {
        broker.store(AT_ORDERS, StoredMessage.broken(StoredMessage.text("m1", "k", "raw", Map.of()), "squeezed"));
        put("k", "good");
        Consumer consumer = consumer(ORDERS).start(delivery -> note(delivery));
        settledAll(consumer);
        consumer.close();
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1");
        StoredMessage dead = broker.at(AT_DEAD).get(0);
        assertThat(new String(dead.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("raw");
        assertThat(dead.storedAs()).as("the letter itself can be read").isEmpty();
        assertThat(dead.headers())
                .containsEntry(WireHeaders.DEAD_REASON, "UNDECODABLE")
                .containsEntry(WireHeaders.DEAD_STORED_AS, "squeezed");
        RedriveOptions brief =
                RedriveOptions.builder().idle(Duration.ofMillis(100)).build();
        client().redrive(Queue.of("orders-dead"), brief).get(SOON.toSeconds(), TimeUnit.SECONDS);
        StoredMessage back = broker.at(AT_ORDERS).get(0);
        assertThat(back.storedAs()).isEqualTo("squeezed");
        assertThat(back.headers()).containsOnlyKeys(WireHeaders.REDRIVES, WireHeaders.REDRIVE);
    }
}
