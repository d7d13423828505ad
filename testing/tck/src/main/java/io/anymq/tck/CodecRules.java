package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Codec;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.SendException;
import io.anymq.TypeRef;
import io.anymq.policy.RetryPolicy;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** HKS: codecs and content types. */
final class CodecRules {
    /** Numbers as text, with the context given to the codec. */
    private static final class Told implements Codec {
        final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public String contentType() {
            return "application/x-numbers";
        }

        @Override
        public boolean supports(Type type) {
            return new TypeRef<List<Integer>>() {}.type().equals(type);
        }

        @Override
        @SuppressWarnings("NullAway") // on purpose
        public byte[] encode(Object body, EncodeContext context) {
            if (body.equals(List.of(0))) {
                return null;
            }
            if (body.equals(List.of(-1))) {
                throw new AssertionError("a codec's own defect");
            }
            told.add(context.destination().name() + " " + context.headers() + " " + context.contentType());
            return Messages.utf8(String.valueOf(body));
        }

        @Override
        @SuppressWarnings("NullAway") // on purpose
        public Object decode(byte[] bytes, DecodeContext context) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            told.add(context.source().path() + " " + context.headers() + " " + context.contentType());
            return text.equals("[2]") ? null : List.of(Integer.parseInt(text.substring(1, text.length() - 1)));
        }
    }

    @Rule(id = "HKS-7", check = "whether content type and headers arrive unchanged")
    void codecsSeeTheMessageAroundTheBody(TckContext t) throws Exception {
        Queue queue = t.queue();
        Told codec = new Told();
        MessagingClient client = t.openClient(builder -> builder.codec(codec));
        TypeRef<List<Integer>> numbers = new TypeRef<>() {};
        RecordingHandler<List<Integer>> recorder = t.recorder();
        client.consumer(queue, numbers).retry(RetryPolicy.never()).start(recorder);
        Producer<List<Integer>> producer = client.producer(queue, numbers);
        for (int broken : List.of(0, -1)) {
            SendException refused = t.failure(producer.send(List.of(broken)));
            assertThat(refused.outcome()).isEqualTo(SendException.Outcome.REJECTED);
            assertThat(refused.code()).isEqualTo(ErrorCode.ENCODING);
        }
        t.send(producer, List.of(Message.of(List.of(1)).withHeader("schema", "s1")));
        t.awaitCompleted(recorder, 1);
        assertThat(recorder.bodies()).containsExactly(List.of(1));
        String seen = queue.name() + " {schema=s1} application/x-numbers";
        assertThat(codec.told).containsExactly(seen, seen);
        t.send(producer, List.of(Message.of(List.of(2))));
        assertThat(t.held(queue.name() + "-dead", 1))
                .singleElement()
                .satisfies(held -> assertThat(held.headers()).containsEntry("mq-dead-reason", "UNDECODABLE"));
    }

    @Rule(id = "HKS-8", check = "whether the content type is stored as it is, with its parameters")
    void messageChoosesItsContentType(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        Producer<Object> producer = t.client().producer(queue, Object.class);
        String asked = "application/x-protobuf; schema=\"order.v2\"";
        t.send(
                producer,
                List.of(
                        Message.<Object>of(new byte[] {1, 2}).withContentType(asked),
                        Message.<Object>of("text").withContentType("TEXT/plain")));
        assertThat(t.held(queue.name(), 2).stream().map(PlainMessage::contentType))
                .containsExactlyInAnyOrder(asked, "TEXT/plain");
        SendException refused =
                t.failure(producer.send(Message.<Object>of("text").withContentType("image/png")));
        assertThat(refused.code()).isEqualTo(ErrorCode.ENCODING);
        assertThat(refused.getMessage()).contains("image/png", "text/plain");
        t.refused(ErrorCode.INVALID_MESSAGE, () -> Message.of("x").withContentType("x".repeat(129)));
        t.refused(ErrorCode.INVALID_MESSAGE, () -> Message.of("x").withContentType(""));
        t.refused(ErrorCode.INVALID_MESSAGE, () -> Message.of("x").withContentType("text/\u00fc"));
    }
}
