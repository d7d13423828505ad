package io.anymq.examples.registration;

import io.anymq.Delivery;
import io.anymq.Handler;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.examples.mail.Mail;
import io.anymq.examples.mail.MailServer;
import io.anymq.examples.mail.Mailer;
import io.anymq.examples.mail.SmtpMailer;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;

/** Who listens to registrations. Each has a subscription of its own, so its own copies, retries and dead letters. */
final class Subscribers {
    private static final Queue WELCOME_MAILS = Queue.of("welcome-mail");
    private static final RetryPolicy PATIENT = RetryPolicy.builder()
            .maxAttempts(60)
            .maxDelay(Duration.ofSeconds(1))
            .build();

    private final MessagingClient client;
    private final Outside outside;
    private final Mailer mailer;

    Subscribers(MessagingClient client, Outside outside) {
        this.client = client;
        this.outside = outside;
        this.mailer = new SmtpMailer(MailServer.HOST, outside.mailServer().port());
    }

    void start() {
        subscribe("activation-mail", this::sendActivationMail);
        subscribe("sms", delivery -> outside.smsGateway().post(delivery.body().phone()));
        subscribe("database", this::createUser);
        subscribe(
                "partner-sync",
                delivery -> outside.partner().post(delivery.body().userId()));
        listen(WELCOME_MAILS, this::sendWelcomeMail);
    }

    /** Comes later. Nothing else changes for it, the producer least of all. */
    void startLoyaltyProgramme() {
        subscribe("loyalty", delivery -> outside.loyalty().post(delivery.body().userId()));
    }

    private void sendActivationMail(Delivery<UserRegistered> delivery) throws Exception {
        UserRegistered user = delivery.body();
        mailer.send(new Mail("activation-" + user.userId(), user.email(), "Activate your account", "Follow the link."));
    }

    /** What is published here is sent after this method has returned, so nobody is welcomed before being created. */
    private void createUser(Delivery<UserRegistered> delivery) throws Exception {
        UserRegistered user = delivery.body();
        outside.users().create(user);
        delivery.publish(WELCOME_MAILS, Message.of(user).withKey(user.userId()));
    }

    private void sendWelcomeMail(Delivery<UserRegistered> delivery) throws Exception {
        UserRegistered user = delivery.body();
        mailer.send(new Mail("welcome-" + user.userId(), user.email(), "Welcome", "Nice to have you with us."));
    }

    private void subscribe(String name, Handler<UserRegistered> handler) {
        listen(RegistrationService.USER_REGISTERED.subscription(name), handler);
    }

    private void listen(Source source, Handler<UserRegistered> handler) {
        client.consumer(source, UserRegistered.class).retry(PATIENT).start(handler);
    }
}
