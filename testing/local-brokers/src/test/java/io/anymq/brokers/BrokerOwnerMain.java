package io.anymq.brokers;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Starts a broker and then waits to be killed. */
public final class BrokerOwnerMain {
    private BrokerOwnerMain() {}

    public static void main(String[] args) throws InterruptedException {
        LocalBroker broker = LocalBrokers.start(
                args.length > 2 ? BrokerKind.of(args[2]) : BrokerKind.KAFKA,
                BrokerOptions.defaults().withVia(Via.PROCESS).withFolder(Path.of(args[0])));
        if (args[1].equals("suspended")) {
            broker.suspend();
        }
        System.out.println("broker pid " + broker.pid().orElseThrow());
        if (args[1].equals("exit")) {
            System.exit(0);
        }
        new CountDownLatch(1).await();
    }
}
