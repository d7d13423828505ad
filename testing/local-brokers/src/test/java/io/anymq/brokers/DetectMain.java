package io.anymq.brokers;

/** Prints what is detected with the class path and the settings at hand. */
public final class DetectMain {
    private DetectMain() {}

    public static void main(String[] args) {
        System.out.println(
                LocalBrokers.detect(BrokerKind.KAFKA, BrokerOptions.defaults()).summary());
        System.exit(0);
    }
}
