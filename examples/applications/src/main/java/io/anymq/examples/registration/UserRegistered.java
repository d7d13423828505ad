package io.anymq.examples.registration;

/** What the registration tells everybody: data, no instructions. */
record UserRegistered(String userId, String name, String email, String phone) {}
