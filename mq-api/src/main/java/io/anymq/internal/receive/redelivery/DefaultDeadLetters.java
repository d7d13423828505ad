package io.anymq.internal.receive.redelivery;

import io.anymq.DeadLetter;
import io.anymq.DeadLetterSummary;
import io.anymq.DeadLetters;
import io.anymq.LetterFilter;
import io.anymq.LetterTask;
import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.RedriveOptions;
import io.anymq.internal.receive.policy.DeadLetterHeaders;
import io.anymq.internal.send.EncodedMessage;
import io.anymq.internal.send.Senders;
import io.anymq.internal.support.EngineContext;
import io.anymq.spi.Address;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.WireHeaders;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The desk of one dead-letter queue. */
public final class DefaultDeadLetters implements DeadLetters {
    private final EngineContext engine;
    private final Senders senders;
    private final Queue queue;
    private final LetterBrowser.Open open;
    private final BiFunction<RedriveOptions, Boolean, LetterTask> act;
    private final Runnable requireOpen;

    /** {@code act} starts a redrive or, with true, a discard; {@code requireOpen} throws if the client is closed. */
    public DefaultDeadLetters(
            EngineContext engine,
            Senders senders,
            Queue queue,
            LetterBrowser.Open open,
            BiFunction<RedriveOptions, Boolean, LetterTask> act,
            Runnable requireOpen) {
        this.engine = engine;
        this.senders = senders;
        this.queue = queue;
        this.open = open;
        this.act = act;
        this.requireOpen = requireOpen;
    }

    @Override
    public Queue queue() {
        return queue;
    }

    @Override
    public DeadLetterSummary summary(LetterFilter filter) {
        LetterSummary summary = new LetterSummary();
        try (Stream<DeadLetter> letters = browse(filter)) {
            letters.forEach(summary::add);
        }
        return summary.result();
    }

    @Override
    public Stream<DeadLetter> browse(LetterFilter filter) {
        requireOpen.run();
        LetterBrowser browser = LetterBrowser.open(engine, queue, open);
        return StreamSupport.stream(new Pages(browser), false).filter(filter).onClose(browser::close);
    }

    /** Reads one page after the other. */
    private static final class Pages extends AbstractSpliterator<DeadLetter> {
        private final LetterBrowser browser;
        private final ArrayDeque<InboundMessage> page = new ArrayDeque<>();
        private boolean ended;

        Pages(LetterBrowser browser) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.browser = browser;
        }

        @Override
        public boolean tryAdvance(Consumer<? super DeadLetter> action) {
            if (page.isEmpty() && !ended) {
                page.addAll(browser.next());
                ended = page.isEmpty();
            }
            InboundMessage next = page.poll();
            if (next == null) {
                return false;
            }
            action.accept(new StoredLetter(next));
            return true;
        }
    }

    @Override
    public LetterTask redrive(RedriveOptions options) {
        if (options.to().filter(to -> to.name().equals(queue.name())).isPresent()) {
            throw new IllegalArgumentException("letters of " + queue + " must go to another queue than " + queue);
        }
        return act.apply(options, false);
    }

    @Override
    public CompletableFuture<Receipt> restore(DeadLetter letter) {
        requireOpen.run();
        // checks what an application may have made up
        Message<byte[]> message = Message.of(letter.body()).withId(letter.id()).withHeaders(letter.headers());
        String key = letter.key();
        if (key != null) {
            message = message.withKey(key);
        }
        Map<String, String> headers = new LinkedHashMap<>(message.headers());
        letter.info().ifPresent(info -> headers.putAll(DeadLetterHeaders.of(info)));
        if (letter.redrives() > 0) {
            headers.put(WireHeaders.REDRIVES, Integer.toString(letter.redrives()));
        }
        letter.editedFrom().ifPresent(original -> headers.put(WireHeaders.EDITED_FROM, original));
        Address.OfQueue address = engine.addresses().of(queue);
        engine.connection().provision(address, Origins.creatingNothing(engine.provisionMode()));
        return senders.to(address, queue)
                .send(new EncodedMessage(
                        letter.id(),
                        key,
                        letter.body(),
                        letter.contentType(),
                        headers,
                        letter.sentAt().toEpochMilli(),
                        0,
                        -1));
    }

    @Override
    public LetterTask discard(RedriveOptions options) {
        if (options.to().isPresent()
                || options.edit().isPresent()
                || !options.origins().isEmpty()) {
            throw new IllegalArgumentException("to, edit and origins have no effect on a discard; leave them out");
        }
        return act.apply(options, true);
    }
}
