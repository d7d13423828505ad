package io.anymq.examples.registration;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Topic;
import java.util.Locale;
import java.util.UUID;

/** Publishes that a user has registered. It does not know its subscribers. */
final class RegistrationService {
    static final Topic USER_REGISTERED = Topic.of("user-registered");

    private final Producer<UserRegistered> events;

    RegistrationService(MessagingClient client) {
        events = client.producer(USER_REGISTERED, UserRegistered.class);
    }

    UserRegistered register(String name, String phone) {
        String id = UUID.randomUUID().toString();
        UserRegistered user = new UserRegistered(id, name, name.toLowerCase(Locale.ROOT) + "@example.com", phone);
        events.send(Message.of(user).withKey(user.userId())).join();
        return user;
    }
}
