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

/** The subscribers to registrations. Each has its own subscription, so its own copies, retries and dead letters. */
final class Subscribers {
    private static final Queue WELCOME_MAILS = Queue.of("welcome-mail");
    private static final RetryPolicy PATIENT = RetryPolicy.builder()
            .maxAttempts(60)
            .maxDelay(Duration.ofSeconds(1))
            .build();

    private final MessagingClient client;
    private final ExternalSystems systems;
    private final Mailer mailer;

    Subscribers(MessagingClient client, ExternalSystems systems) {
        this.client = client;
        this.systems = systems;
        this.mailer = new SmtpMailer(MailServer.HOST, systems.mailServer().port());
    }

    void start() {
        subscribe("activation-mail", this::sendActivationMail);
        subscribe("sms", delivery -> systems.smsGateway().post(delivery.body().phone()));
        subscribe("database", this::createUser);
        subscribe(
                "partner-sync",
                delivery -> systems.partner().post(delivery.body().userId()));
        listen(WELCOME_MAILS, this::sendWelcomeMail);
    }

    /** Comes later. Nothing else changes for it, the producer least of all. */
    void startLoyaltyProgramme() {
        subscribe("loyalty", delivery -> systems.loyalty().post(delivery.body().userId()));
    }

    private void sendActivationMail(Delivery<UserRegistered> delivery) throws Exception {
        UserRegistered user = delivery.body();
        mailer.send(new Mail("activation-" + user.userId(), user.email(), "Activate your account", "Follow the link."));
    }

    /** Messages published here are sent after this method has returned, so no user is welcomed before being created. */
    private void createUser(Delivery<UserRegistered> delivery) throws Exception {
        UserRegistered user = delivery.body();
        systems.users().create(user);
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
