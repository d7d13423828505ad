package io.anymq.internal.config;

/** A value and where it was set, so that an error can point there. */
record Setting(String value, String origin) {}
