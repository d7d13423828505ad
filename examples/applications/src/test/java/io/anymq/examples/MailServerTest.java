package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.anymq.examples.mail.Mail;
import io.anymq.examples.mail.MailServer;
import io.anymq.examples.mail.SmtpMailer;
import jakarta.mail.MessagingException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MailServerTest {
    private static final Mail MAIL = new Mail("m-1", "ada@example.com", "Grüße", "Schön, dass du da bist.");

    @Test
    void countsCopies() throws Exception {
        try (MailServer server = MailServer.start(Duration.ZERO)) {
            SmtpMailer mailer = new SmtpMailer(MailServer.HOST, server.port());
            mailer.send(MAIL);
            mailer.send(MAIL);

            assertThat(server.copies()).isEqualTo(Map.of("m-1", 2));
        }
    }

    @Test
    void takesItsTime() throws Exception {
        try (MailServer server = MailServer.start(Duration.ofMillis(200))) {
            long start = System.nanoTime();
            new SmtpMailer(MailServer.HOST, server.port()).send(MAIL);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void refusesWhileItIsDownAndKeepsItsMails() throws Exception {
        try (MailServer server = MailServer.start(Duration.ZERO)) {
            SmtpMailer mailer = new SmtpMailer(MailServer.HOST, server.port());
            mailer.send(MAIL);
            int port = server.port();
            server.down();

            assertThatExceptionOfType(MessagingException.class).isThrownBy(() -> mailer.send(MAIL));
            server.up();
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.copies()).isEqualTo(Map.of("m-1", 1));
        }
    }
}
