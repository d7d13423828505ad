package io.anymq.examples.boot;

/**
 * The event.
 *
 * @param email the user, and the key that orders events about this user
 * @param name how to address the user
 */
record SignedUp(String email, String name) {}
