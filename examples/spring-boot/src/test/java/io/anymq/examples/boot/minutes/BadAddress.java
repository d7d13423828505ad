package io.anymq.examples.boot.minutes;

class BadAddress extends RuntimeException {
    private static final long serialVersionUID = 1L;
}
