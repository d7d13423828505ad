package io.anymq.examples.boot;

import io.anymq.SendException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What a browser calls. */
@RestController
class SignUpController {
    private final SignUpEvents events;
    private final Users users;
    private final MailServer mailServer;

    SignUpController(SignUpEvents events, Users users, MailServer mailServer) {
        this.events = events;
        this.users = users;
        this.mailServer = mailServer;
    }

    /**
     * The page's state.
     *
     * @param users all users
     * @param counted the statistics
     * @param mailServerDown whether the mail server is down
     */
    record State(List<Users.User> users, int counted, boolean mailServerDown) {}

    /** Answers as soon as the broker has the event; 503 if it has not, and the user tries again. */
    @PostMapping("/signups")
    CompletableFuture<ResponseEntity<String>> signUp(@RequestBody SignedUp event) {
        if (event.email() == null || event.name() == null || event.email().isBlank()) {
            return CompletableFuture.completedFuture(ResponseEntity.badRequest().body("email and name are needed"));
        }
        users.signedUp(event);
        return events.publish(event)
                .thenApply(receipt -> ResponseEntity.accepted().body(receipt.messageId()))
                .exceptionally(failure -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    events.forgetFailure(event.email());
                    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                            .body(
                                    cause instanceof SendException send
                                            ? send.code().name()
                                            : "failed");
                });
    }

    @GetMapping("/signups")
    State state() {
        return new State(users.all(), users.counted(), mailServer.isDown());
    }

    @PutMapping("/outages/mail-server")
    void breakMailServer() {
        mailServer.setDown(true);
    }

    @DeleteMapping("/outages/mail-server")
    void mendMailServer() {
        mailServer.setDown(false);
    }
}
