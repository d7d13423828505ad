package io.anymq.examples.boot;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** What became of each user, in memory. Thread-safe. */
@Component
class Users {
    /**
     * A user on the way.
     *
     * @param email who
     * @param name how to address the user
     * @param mailed whether the welcome mail went out
     * @param customer whether the user is in the customer database
     */
    record User(String email, String name, boolean mailed, boolean customer) {}

    private final Map<String, User> users = new ConcurrentSkipListMap<>();
    private final AtomicInteger counted = new AtomicInteger();

    void signedUp(SignedUp event) {
        users.putIfAbsent(event.email(), new User(event.email(), event.name(), false, false));
    }

    void mailed(String email) {
        users.computeIfPresent(email, (key, user) -> new User(email, user.name(), true, user.customer()));
    }

    void isCustomer(String email) {
        users.computeIfPresent(email, (key, user) -> new User(email, user.name(), user.mailed(), true));
    }

    void count(int more) {
        counted.addAndGet(more);
    }

    int counted() {
        return counted.get();
    }

    List<User> all() {
        return List.copyOf(users.values());
    }
}
