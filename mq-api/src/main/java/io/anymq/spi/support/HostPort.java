package io.anymq.spi.support;

import io.anymq.API;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.StringJoiner;

/** {@code host:port} as in a broker URL, and what is wrong with it when no broker answers there. */
@API(API.Status.EXPERIMENTAL)
public final class HostPort {
    private static final int LEAST_MILLIS = 100;
    private static final int MOST_MILLIS = 500;

    private HostPort() {}

    /** Whether it is a host, a colon and a port from 1 to 65,535. */
    public static boolean isLegal(String address) {
        int colon = address.lastIndexOf(':');
        if (colon <= 0) {
            return false;
        }
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            return port > 0 && port < 65_536 && host(address).strip().equals(host(address));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    static String host(String address) {
        String host = address.substring(0, address.lastIndexOf(':'));
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * For each address one finding for people; called after the vendor's client has waited in vain. Takes half a second at
     * most for each network address, and little more than a tenth when the deadline has passed already.
     *
     * @param addresses legal ones, separated by commas
     * @param silent what to say about an address that accepts connections, such as "gives no Kafka answer: …"
     */
    public static String diagnose(String addresses, String silent, Deadline deadline) {
        StringJoiner findings = new StringJoiner("; ");
        for (String address : addresses.split(",", -1)) {
            findings.add(diagnoseOne(address, silent, deadline));
        }
        return findings.toString();
    }

    private static String diagnoseOne(String address, String silent, Deadline deadline) {
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        boolean undecided = false;
        try {
            for (InetAddress host : InetAddress.getAllByName(host(address))) {
                switch (knock(new InetSocketAddress(host, port), deadline)) {
                    case ACCEPTED -> {
                        return address + " accepts connections but " + silent;
                    }
                    case TIMED_OUT -> undecided = true;
                    case REFUSED -> {
                        // the next network address of the host may be the one
                    }
                }
            }
        } catch (UnknownHostException e) {
            return "the host of " + address + " is unknown: check its name";
        }
        return undecided
                ? address + " did not answer in time: is the broker running, and can its host be reached from here?"
                : "nothing accepts connections at " + address + ": is the broker running, and is this its port?";
    }

    private enum Knock {
        ACCEPTED,
        REFUSED,
        TIMED_OUT
    }

    private static Knock knock(InetSocketAddress address, Deadline deadline) {
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.max(LEAST_MILLIS, Math.min(MOST_MILLIS, deadline.millisLeft())));
            return Knock.ACCEPTED;
        } catch (SocketTimeoutException e) {
            return Knock.TIMED_OUT;
        } catch (IOException e) {
            return Knock.REFUSED;
        }
    }
}
