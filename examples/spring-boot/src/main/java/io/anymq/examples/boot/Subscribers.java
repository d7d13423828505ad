package io.anymq.examples.boot;

import io.anymq.spring.AnyMqListener;
import java.util.List;
import org.springframework.stereotype.Component;

/** Three that hear of a sign-up and know nothing of each other. */
@Component
class Subscribers {
    private final Users users;
    private final MailServer mailServer;

    Subscribers(Users users, MailServer mailServer) {
        this.users = users;
        this.mailServer = mailServer;
    }

    /** Retried while the mail server is down, then kept in the dead-letter queue for a redrive. */
    @AnyMqListener(
            id = "welcome-mail",
            topic = "signups",
            subscription = "welcome-mail",
            permanentOn = IllegalArgumentException.class)
    void mail(SignedUp event) {
        mailServer.send(event.email());
        users.mailed(event.email());
    }

    @AnyMqListener(id = "crm", topic = "signups", subscription = "crm", concurrency = "${crm.concurrency:2}")
    void store(SignedUp event) {
        users.isCustomer(event.email());
    }

    @AnyMqListener(id = "statistics", topic = "signups", subscription = "statistics", batch = "50")
    void count(List<SignedUp> events) {
        users.count(events.size());
    }
}
