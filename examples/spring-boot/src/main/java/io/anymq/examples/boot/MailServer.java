package io.anymq.examples.boot;

import org.springframework.stereotype.Component;

/** Stands for a mail server that fails at times. Thread-safe. */
@Component
class MailServer {
    private volatile boolean down;

    void send(String email) {
        if (down) {
            throw new IllegalStateException("the mail server does not answer");
        }
        if (!email.contains("@")) {
            throw new IllegalArgumentException("not an address");
        }
    }

    void setDown(boolean down) {
        this.down = down;
    }

    boolean isDown() {
        return down;
    }
}
