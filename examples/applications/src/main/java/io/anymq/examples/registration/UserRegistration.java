package io.anymq.examples.registration;

import io.anymq.MessagingClient;
import io.anymq.examples.Checks;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One event, several subscribers that do not know of each other: a mail, an SMS, the database, a partner. While the
 * partner is out of order the others go on; a fifth subscriber joins without a change to the producer; the welcome mail
 * waits until the user has been created. Tells what happens, and checks it against the mail server, the database and
 * the web services themselves.
 */
public final class UserRegistration {
    private final ExternalSystems systems;
    private final Story story;
    private final Subscribers subscribers;
    private final RegistrationService registration;

    private UserRegistration(MessagingClient client, ExternalSystems systems, Story story) {
        this.systems = systems;
        this.story = story;
        this.subscribers = new Subscribers(client, systems);
        this.registration = new RegistrationService(client);
    }

    /** Runs the story. */
    public static void main(String[] args) throws Exception {
        Story story = new Story();
        try (ExternalSystems systems = ExternalSystems.start();
                MessagingClient client =
                        MessagingClient.builder().interceptor(story).open()) {
            new UserRegistration(client, systems, story).run();
        }
    }

    private void run() throws Exception {
        System.out.println("1. Four subscribers. The partner's web service is out of order.");
        subscribers.start();
        systems.partner().setOutOfOrder(true);
        List<UserRegistered> early = List.of(
                registration.register("Ada", "+44 20 7946 0001"),
                registration.register("Grace", "+44 20 7946 0002"),
                registration.register("Alan", "+44 20 7946 0003"));
        Checks.eventually("the others do not wait for the partner", () -> {
            return isDone(early, "activation-mail", "sms", "database") && isWelcomed(early);
        });
        Checks.isTrue("the partner knows no user yet", all(early, user -> partnerCalls(user) == 0));
        systems.partner().setOutOfOrder(false);
        Checks.eventually("the partner has caught up", () -> isDone(early, "partner-sync"));

        System.out.println("\n2. A fifth subscriber joins. The producer does not notice.");
        subscribers.startLoyaltyProgramme();
        List<UserRegistered> late = List.of(
                registration.register("Barbara", "+44 20 7946 0004"),
                registration.register("Edsger", "+44 20 7946 0005"));
        Checks.eventually("all five have finished, and so have the welcome mails", () -> {
            return isDone(late, "activation-mail", "sms", "database", "partner-sync", "loyalty") && isWelcomed(late);
        });

        System.out.println("\n3. The state of the other systems.");
        check(Stream.concat(early.stream(), late.stream()).toList(), late);
    }

    private void check(List<UserRegistered> everybody, List<UserRegistered> late) throws Exception {
        Map<String, Integer> mails = systems.mailServer().copies();
        Checks.isTrue("every user got one activation mail", all(everybody, user -> {
            return mails.getOrDefault("activation-" + user.userId(), 0) == 1;
        }));
        Checks.isTrue("every user got one welcome mail", all(everybody, user -> {
            return mails.getOrDefault("welcome-" + user.userId(), 0) == 1;
        }));
        Checks.isTrue("every user got one SMS", all(everybody, user -> {
            return systems.smsGateway().accepted(user.phone()) == 1;
        }));
        Checks.isTrue("every user is in the database", systems.users().containsAll(everybody));
        Checks.isTrue("no user was welcomed before being created", all(everybody, user -> {
            return story.isInOrder("user-registered/database", "welcome-mail", user);
        }));
        Checks.isTrue("the partner was told once about every user", all(everybody, user -> partnerCalls(user) == 1));
        Checks.isTrue(
                "the fifth subscriber was told once about every user who registered after it joined",
                all(late, user -> {
                    return systems.loyalty().accepted(user.userId()) == 1;
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
        return systems.partner().accepted(user.userId());
    }

    private static boolean all(List<UserRegistered> users, Predicate<UserRegistered> fact) {
        return users.stream().allMatch(fact);
    }
}
