package io.anymq.examples.mail;

/** Gets mails delivered: at once, or later. */
@FunctionalInterface
public interface Mailer {
    /** Returns when the recipient's server has taken responsibility for the mail. */
    void send(Mail mail) throws Exception;
}
