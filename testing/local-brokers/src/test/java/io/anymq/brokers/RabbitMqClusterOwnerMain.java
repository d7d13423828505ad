package io.anymq.brokers;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Starts a cluster, suspends one of its nodes, and then waits to be killed. */
public final class RabbitMqClusterOwnerMain {
    private RabbitMqClusterOwnerMain() {}

    public static void main(String[] args) throws InterruptedException {
        RabbitMqCluster cluster =
                RabbitMqCluster.start(2, BrokerOptions.defaults().withFolder(Path.of(args[0])));
        cluster.nodes().get(1).suspend();
        System.out.println("cluster of " + cluster.nodes().size());
        new CountDownLatch(1).await();
    }
}
