package io.anymq.examples.registration;

/** The event that a registration publishes: data, no instructions. */
record UserRegistered(String userId, String name, String email, String phone) {}
