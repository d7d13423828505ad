package io.anymq.examples.boot.minutes;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class FiveMinutesApplication {}
