package io.anymq.brokers;

/** Starts a broker of the kind that is named, and prints why that fails. */
public final class StartMain {
    private StartMain() {}

    public static void main(String[] args) {
        try (LocalBroker broker = LocalBrokers.start(args[0])) {
            System.out.println("started " + broker.url());
        } catch (LocalBrokerException e) {
            System.out.println("refused: " + e.getMessage());
        }
        System.exit(0);
    }
}
