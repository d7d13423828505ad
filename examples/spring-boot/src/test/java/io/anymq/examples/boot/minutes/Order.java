package io.anymq.examples.boot.minutes;

record Order(String customer, String address) {}
