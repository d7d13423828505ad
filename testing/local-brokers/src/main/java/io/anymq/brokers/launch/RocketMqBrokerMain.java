package io.anymq.brokers.launch;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Runs a RocketMQ broker whose port for replicas listens on the loopback address, like its others. Its setting {@code
 * bindAddress} does not cover this port, which would be open to the network.
 *
 * <p>Usage: {@code OwnedMain io.anymq.brokers.launch.RocketMqBrokerMain <arguments of BrokerStartup>}.
 */
public final class RocketMqBrokerMain {
    private RocketMqBrokerMain() {}

    /**
     * Serves until the process ends.
     *
     * @param args the arguments of RocketMQ's own main class
     * @throws ReflectiveOperationException if the class path holds no RocketMQ broker, or not of the version expected
     */
    public static void main(String[] args) throws ReflectiveOperationException {
        Class<?> startup = Class.forName("org.apache.rocketmq.broker.BrokerStartup");
        Class<?> controllerType = Class.forName("org.apache.rocketmq.broker.BrokerController");
        // ends the JVM where the arguments are wrong
        Object controller =
                startup.getMethod("createBrokerController", String[].class).invoke(null, (Object) args);
        Object store = controllerType.getMethod("getMessageStore").invoke(controller);
        Field replication =
                Class.forName("org.apache.rocketmq.store.DefaultMessageStore").getDeclaredField("haService");
        replication.setAccessible(true);
        Object service = replication.get(store);
        if (service != null) {
            replication.set(store, loopback(service));
        }
        startup.getMethod("start", controllerType).invoke(null, controller);
    }

    /** The same service; the store initializes and starts it in one go, and between the two its address must change. */
    private static Object loopback(Object service) throws ReflectiveOperationException {
        Class<?> type = Class.forName("org.apache.rocketmq.store.ha.HAService");
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            try {
                Object result = method.invoke(service, arguments);
                if (method.getName().equals("init")) {
                    listenOnLoopback(service);
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        });
    }

    private static void listenOnLoopback(Object replication) throws ReflectiveOperationException {
        String service = "org.apache.rocketmq.store.ha.DefaultHAService";
        Field acceptor = Class.forName(service).getDeclaredField("acceptSocketService");
        acceptor.setAccessible(true);
        Field address = Class.forName(service + "$AcceptSocketService").getDeclaredField("socketAddressListen");
        address.setAccessible(true);
        Object owner = acceptor.get(replication);
        int port = ((InetSocketAddress) address.get(owner)).getPort();
        address.set(owner, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
}
