package io.anymq.examples.registration;

import io.anymq.MessagingClient;
import io.anymq.examples.Claims;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One event, several subscribers that do not know of each other: a mail, an SMS, the database, a partner. While the
 * partner is out of order the others go on; a fifth subscriber joins without a change to the producer; the welcome mail
 * waits until the user has been created. Tells what happens, and checks it against the mail server, the database and the
 * web services themselves.
 */
public final class UserRegistration {
    private final Outside outside;
    private final Story story;
    private final Subscribers subscribers;
    private final RegistrationService registration;

    private UserRegistration(MessagingClient client, Outside outside, Story story) {
        this.outside = outside;
        this.story = story;
        this.subscribers = new Subscribers(client, outside);
        this.registration = new RegistrationService(client);
    }

    /** Runs the story. */
    public static void main(String[] args) throws Exception {
        Story story = new Story();
        try (Outside outside = Outside.start();
                MessagingClient client =
                        MessagingClient.builder().interceptor(story).open()) {
            new UserRegistration(client, outside, story).run();
        }
    }

    private void run() throws Exception {
        System.out.println("1. Four subscribers. The partner's web service is out of order.");
        subscribers.start();
        outside.partner().setOutOfOrder(true);
        List<UserRegistered> early = List.of(
                registration.register("Ada", "+44 20 7946 0001"),
                registration.register("Grace", "+44 20 7946 0002"),
                registration.register("Alan", "+44 20 7946 0003"));
        Claims.comesTrue("the others do not wait for the partner", () -> {
            return isDone(early, "activation-mail", "sms", "database") && isWelcomed(early);
        });
        Claims.holds("the partner knows nobody yet", all(early, user -> partnerCalls(user) == 0));
        outside.partner().setOutOfOrder(false);
        Claims.comesTrue("the partner has caught up", () -> isDone(early, "partner-sync"));

        System.out.println("\n2. A fifth subscriber joins. The producer does not notice.");
        subscribers.startLoyaltyProgramme();
        List<UserRegistered> late = List.of(
                registration.register("Barbara", "+44 20 7946 0004"),
                registration.register("Edsger", "+44 20 7946 0005"));
        Claims.comesTrue("all five are done, and so are the welcome mails", () -> {
            return isDone(late, "activation-mail", "sms", "database", "partner-sync", "loyalty") && isWelcomed(late);
        });

        System.out.println("\n3. What the other systems say.");
        check(Stream.concat(early.stream(), late.stream()).toList(), late);
    }

    private void check(List<UserRegistered> everybody, List<UserRegistered> late) throws Exception {
        Map<String, Integer> mails = outside.mailServer().copies();
        Claims.holds("everybody got one activation mail", all(everybody, user -> {
            return mails.getOrDefault("activation-" + user.userId(), 0) == 1;
        }));
        Claims.holds("everybody got one welcome mail", all(everybody, user -> {
            return mails.getOrDefault("welcome-" + user.userId(), 0) == 1;
        }));
        Claims.holds("everybody got one SMS", all(everybody, user -> {
            return outside.smsGateway().accepted(user.phone()) == 1;
        }));
        Claims.holds("everybody is in the database", outside.users().containsAll(everybody));
        Claims.holds("nobody was welcomed before being created", all(everybody, user -> {
            return story.isInOrder("user-registered/database", "welcome-mail", user);
        }));
        Claims.holds("the partner heard once of everybody", all(everybody, user -> partnerCalls(user) == 1));
        Claims.holds("the fifth subscriber heard once of those who came after it", all(late, user -> {
            return outside.loyalty().accepted(user.userId()) == 1;
        }));
    }

    private boolean isDone(List<UserRegistered> users, String... subscribers) {
        return all(
                users,
                user -> Stream.of(subscribers).allMatch(name -> story.isHandled("user-registered/" + name, user)));
    }

    private boolean isWelcomed(List<UserRegistered> users) {
        return all(users, user -> story.isHandled("welcome-mail", user));
    }

    private long partnerCalls(UserRegistered user) {
        return outside.partner().accepted(user.userId());
    }

    private static boolean all(List<UserRegistered> users, Predicate<UserRegistered> fact) {
        return users.stream().allMatch(fact);
    }
}
