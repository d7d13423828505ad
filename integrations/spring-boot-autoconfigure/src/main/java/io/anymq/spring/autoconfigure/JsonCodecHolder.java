package io.anymq.spring.autoconfigure;

import io.anymq.Codec;

/** The codec with the application's mapper; a {@link Codec} bean of the application for JSON takes its place. */
record JsonCodecHolder(Codec codec) {}
