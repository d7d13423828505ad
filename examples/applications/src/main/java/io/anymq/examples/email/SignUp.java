package io.anymq.examples.email;

import io.anymq.examples.mail.Mail;
import io.anymq.examples.mail.Mailer;
import java.util.UUID;

/** The application's sign-up. It does not know how mails are delivered. */
final class SignUp {
    private final Mailer mailer;

    SignUp(Mailer mailer) {
        this.mailer = mailer;
    }

    /** Returns the id of the mail. */
    String register(String address) throws Exception {
        Mail mail = new Mail(UUID.randomUUID().toString(), address, "Welcome", "Nice to have you with us.");
        mailer.send(mail);
        return mail.id();
    }
}
