package io.anymq.examples.mail;

/**
 * A mail to one person.
 *
 * @param id identifies it, so that a second copy can be distinguished from a second mail
 * @param to the address
 * @param subject one line
 * @param text plain text
 */
public record Mail(String id, String to, String subject, String text) {}
