package io.anymq.brokers;

import java.nio.file.Path;

/** Mounts a disk on the folder in its argument, says who keeps it, and waits to be killed. */
public final class DiskOwnerMain {
    private DiskOwnerMain() {}

    public static void main(String[] args) throws InterruptedException {
        MemoryDisk disk = MemoryDisk.mount(Path.of(args[0]), 1 << 20);
        System.out.println("keeper " + disk.enter().get(2));
        Thread.currentThread().join();
    }
}
