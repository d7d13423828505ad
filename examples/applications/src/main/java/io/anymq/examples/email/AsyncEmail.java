package io.anymq.examples.email;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.examples.Checks;
import io.anymq.examples.mail.Mail;
import io.anymq.examples.mail.MailServer;
import io.anymq.examples.mail.Mailer;
import io.anymq.examples.mail.SmtpMailer;
import io.anymq.policy.RetryPolicy;
import jakarta.mail.internet.AddressException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The textbook case: a sign-up sends a mail through a slow e-mail service. First it waits for the service; then it puts
 * the mail into a queue; then the service is down for a while. Prints the caller's response times and checks that every
 * mail arrives exactly once.
 *
 * <p>Arguments: sign-ups per step (default 100), milliseconds the mail server takes for a mail (default 150).
 */
public final class AsyncEmail {
    private static final Queue EMAILS = Queue.of("emails").unordered();
    private static final RetryPolicy PATIENT = RetryPolicy.builder()
            .maxAttempts(60)
            .maxDelay(Duration.ofSeconds(1))
            .permanentOn(AddressException.class)
            .build();

    private final int signUps;
    private final MailServer server;
    private final Set<String> everyMail = new HashSet<>();

    private AsyncEmail(int signUps, MailServer server) {
        this.signUps = signUps;
        this.server = server;
    }

    /** Runs the three steps. */
    public static void main(String[] args) throws Exception {
        int signUps = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        Duration perMail = Duration.ofMillis(args.length > 1 ? Integer.parseInt(args[1]) : 150);
        try (MailServer server = MailServer.start(perMail)) {
            System.out.printf("An SMTP server on port %d takes %d ms for a mail.%n", server.port(), perMail.toMillis());
            new AsyncEmail(signUps, server).run();
        }
    }

    private void run() throws Exception {
        Mailer smtp = new SmtpMailer(MailServer.HOST, server.port());
        Failures failures = new Failures();
        try (MessagingClient client =
                MessagingClient.builder().observer(failures).open()) {
            Consumer consumer =
                    client.consumer(EMAILS, Mail.class).retry(PATIENT).start(delivery -> smtp.send(delivery.body()));
            Producer<Mail> producer = client.producer(EMAILS, Mail.class);
            Mailer queue =
                    mail -> producer.send(Message.of(mail).withId(mail.id())).join();
            warmUp(smtp, queue);

            System.out.println("\n1. The sign-up sends its mail itself and waits for the mail server.");
            ResponseTimes waiting = signUp(smtp);

            System.out.println("\n2. The sign-up puts its mail into a queue.");
            ResponseTimes queueing = signUp(queue);
            Checks.isTrue("the median response is faster than in step 1", isFaster(queueing, waiting));
            // Without this, the server could go down between storing a mail and confirming it, and get it again later:
            // SMTP is at least once, too. The copy would have the same Message-ID.
            Checks.eventually("every mail has arrived and the queue is empty", () -> {
                return hasEveryMail() && consumer.inFlight() == 0;
            });

            System.out.println("\n3. The mail server goes down.");
            server.down();
            signUp(queue);
            Checks.eventually("deliveries fail and are retried", () -> failures.retries.get() > 0);
            server.up();
            System.out.println("   The mail server is back.");
            Checks.eventually("every mail has arrived", this::hasEveryMail);
            consumer.close();
        }
        System.out.println();
        Checks.isTrue("each of the " + everyMail.size() + " mails arrived exactly once", hasNoCopies());
        Checks.isTrue("none went to the dead-letter queue", failures.deadLetters.get() == 0);
    }

    private ResponseTimes signUp(Mailer mailer) throws Exception {
        SignUp signUp = new SignUp(mailer);
        long[] nanos = new long[signUps];
        for (int i = 0; i < signUps; i++) {
            long start = System.nanoTime();
            String mail = signUp.register("user-" + i + "@example.com");
            nanos[i] = System.nanoTime() - start;
            everyMail.add(mail);
        }
        ResponseTimes times = new ResponseTimes(nanos);
        System.out.println("   " + times);
        return times;
    }

    /** Loads classes and opens connections before the clock runs. */
    private void warmUp(Mailer... mailers) throws Exception {
        for (Mailer mailer : mailers) {
            for (int i = 0; i < 3; i++) {
                everyMail.add(new SignUp(mailer).register("warm-up@example.com"));
            }
        }
    }

    private static boolean isFaster(ResponseTimes one, ResponseTimes other) {
        return one.percentile(50) < other.percentile(50);
    }

    private boolean hasEveryMail() {
        return server.copies().keySet().containsAll(everyMail);
    }

    private boolean hasNoCopies() {
        Map<String, Integer> copies = server.copies();
        return everyMail.stream().allMatch(mail -> copies.getOrDefault(mail, 0) == 1);
    }

    private static final class Failures implements MessagingObserver {
        final AtomicInteger retries = new AtomicInteger();
        final AtomicInteger deadLetters = new AtomicInteger();

        @Override
        public void retryScheduled(MessagingEvent.RetryScheduled event) {
            retries.incrementAndGet();
        }

        @Override
        public void deadLettered(MessagingEvent.DeadLettered event) {
            deadLetters.incrementAndGet();
        }
    }
}
