package io.anymq.history.check;

/** An output as the consumer knows it that published it. */
record OutputKey(String consumer, String destination, String outputId) {}
