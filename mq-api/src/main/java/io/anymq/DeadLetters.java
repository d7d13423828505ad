package io.anymq;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The letters of one dead-letter queue: look, decide, repair. Made by {@link MessagingClient#deadLetters}; thread-safe,
 * and needs no close.
 *
 * <pre>{@code
 * DeadLetters letters = client.deadLetters(Queue.of("orders-dead"));
 * System.out.println(letters.summary(LetterFilter.ALL).byFingerprint());
 * LetterFilter timeouts = LetterFilter.builder().exception("java.net.SocketTimeoutException").build();
 * letters.redrive(RedriveOptions.builder()
 *                 .filter(timeouts)
 *                 .rate(50)
 *                 .by("amina", "OPS-17: the address service is back")
 *                 .build())
 *         .report()
 *         .join();
 * }</pre>
 *
 * <p>Looking ({@link #summary}, {@link #browse}) neither takes nor changes a letter, does not disturb consumers of the
 * queue, and needs {@link io.anymq.spi.Capability#BROWSE}: without it both throw {@link ErrorCode#UNSUPPORTED}. Acting
 * ({@link #redrive}, {@link #discard}) works on every broker. It takes letters as a consumer of the queue does, so
 * letters that a consumer or another operator holds at that time are left out, and no letter is acted on by two at
 * once.
 */
@API(API.Status.EVOLVING)
public interface DeadLetters {
    /** The dead-letter queue. */
    Queue queue();

    /**
     * Counts the letters that match. Reads all of them in constant memory and blocks meanwhile.
     *
     * @throws MessagingException UNSUPPORTED, NOT_FOUND if there is no such queue, UNAVAILABLE, TIMEOUT, AUTHORIZATION
     */
    DeadLetterSummary summary(LetterFilter filter);

    /**
     * The letters that match, oldest first within each key, read page by page as the stream is consumed. Those that
     * come after the first was read may be left out. Close the stream: it holds a connection to the broker.
     *
     * @throws MessagingException as {@link #summary}, also while the stream is consumed
     */
    Stream<DeadLetter> browse(LetterFilter filter);

    /**
     * Sends the letters that match back to where they failed, or to {@link RedriveOptions#to()}. Key, headers, id and
     * time of sending are kept, and the order of a key; each is confirmed there before it leaves this queue. Returns at
     * once; {@link LetterTask#report()} fails with NOT_FOUND if there is no such dead-letter queue.
     *
     * @throws IllegalArgumentException if the letters are to go to the queue they are in
     */
    LetterTask redrive(RedriveOptions options);

    /**
     * Removes the letters that match for good. Returns at once. Not undone; look first, or use
     * {@link RedriveOptions.Builder#dryRun}.
     *
     * @throws IllegalArgumentException if {@code options} has a target, origins or an edit, which have no effect here
     */
    LetterTask discard(RedriveOptions options);

    /**
     * Stores a copy of a letter in this queue, such as one that was kept elsewhere: with id, key, headers, content type,
     * body, {@link DeadLetter#info()} and {@link DeadLetter#redrives()}. What a letter of a letter says of earlier
     * failures, and how an undecodable body was stored, is not kept. Does not look whether the letter is there already.
     *
     * <pre>{@code
     * try (Stream<DeadLetter> kept = letters.browse(LetterFilter.ALL)) {
     *     kept.forEach(letter -> archive.restore(letter).join());
     * }
     * }</pre>
     *
     * @return ends when the broker has confirmed, or with a {@link SendException}
     * @throws MessagingException INVALID_MESSAGE, TOO_LARGE if it is no legal message; NOT_FOUND if there is no such
     *     queue
     */
    CompletableFuture<Receipt> restore(DeadLetter letter);
}
