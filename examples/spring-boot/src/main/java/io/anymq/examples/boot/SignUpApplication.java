package io.anymq.examples.boot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts it. */
@SpringBootApplication
public class SignUpApplication {
    /** Called by Spring. */
    public SignUpApplication() {}

    /** Options of Spring, such as {@code --anymq.url=kafka://localhost:9092}. */
    public static void main(String[] args) {
        SpringApplication.run(SignUpApplication.class, args);
    }
}
