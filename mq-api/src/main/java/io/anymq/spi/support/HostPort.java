package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code host:port} as in a broker URL, and the diagnosis when no broker answers there. */
@API(API.Status.EXPERIMENTAL)
public final class HostPort {
    private static final int LEAST_MILLIS = 100;
    private static final int MOST_MILLIS = 500;

    private static final Pattern ADDRESS = Pattern.compile("(\\[[^\\[\\]]+]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

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

    /**
     * The problems of a URL that must consist of {@code host:port}, several separated by commas, and of nothing else
     * but options. For {@link io.anymq.spi.BrokerAdapter#validate}.
     *
     * <pre>{@code
     * List<String> problems = HostPort.problems(context.url(), "broker", 9092);
     * }</pre>
     *
     * @param server the kind of hosts, such as "broker" or "name server"
     * @param port for the examples in the sentences
     * @return one sentence per mistake, to be changed by the caller
     */
    public static List<String> problems(BrokerUrl url, String server, int port) {
        List<String> problems = new ArrayList<>();
        String scheme = url.scheme() + "://";
        if (url.authority().isEmpty()) {
            problems.add("anymq.url: name at least one " + server + ", such as " + scheme + "localhost:" + port);
        } else {
            for (String address : url.authority().split(",", -1)) {
                if (!isLegal(address)) {
                    problems.add("anymq.url: '" + address + "' is not host:port; write " + scheme + "one:" + port
                            + ",two:" + port);
                }
            }
        }
        if (!url.path().isEmpty()) {
            problems.add("anymq.url: the URL must end after the ports; remove the path, or write a / in a password as"
                    + " %2F");
        }
        return problems;
    }

    /**
     * The same for a URL that must not hold a user either.
     *
     * @param credentials the keys that hold user and password instead
     */
    public static List<String> problems(BrokerUrl url, String server, int port, String credentials) {
        List<String> problems = problems(url, server, port);
        if (url.user() != null) {
            problems.add("anymq.url: the URL must not contain user and password; set " + credentials);
        }
        return problems;
    }

    /**
     * The addresses in a URL that may leave out ports, none of them resolved. {@code [::1]:5672} is an address, too.
     *
     * @param defaultPort for those without a port
     * @return one for each that was written; with an empty host where that is not legal
     */
    public static List<InetSocketAddress> addresses(BrokerUrl url, int defaultPort) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String text : url.authority().split(",", -1)) {
            Matcher address = ADDRESS.matcher(text);
            boolean legal = address.matches();
            String host = legal ? address.group(1).replaceAll("[\\[\\]]", "") : "";
            String port = legal ? address.group(2) : null;
            addresses.add(
                    InetSocketAddress.createUnresolved(host, port == null ? defaultPort : Integer.parseInt(port)));
        }
        return addresses;
    }

    static String host(String address) {
        String host = address.substring(0, address.lastIndexOf(':'));
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Connects to one address by the deadline. */
    @FunctionalInterface
    public interface Connector<C> {
        /**
         * Connects.
         *
         * @throws MessagingException retryable: the next address is tried; otherwise none is
         */
        C connect(String address, Deadline deadline);
    }

    /**
     * Connects to the first of several addresses that answers. Each gets its share of the time, so that a silent one does
     * not use up the others'.
     *
     * @param addresses as {@link #problems} accepts them, separated by commas
     * @throws MessagingException the first address's, if none answers
     */
    public static <C> C connect(String addresses, Duration timeout, Connector<C> connector) {
        Deadline deadline = Deadline.after(timeout);
        String[] all = addresses.split(",", -1);
        MessagingException first = null;
        for (int i = 0; ; i++) {
            try {
                return connector.connect(all[i], Deadline.after(deadline.left().dividedBy(all.length - i)));
            } catch (MessagingException e) {
                first = first == null ? e : first;
                if (!e.isRetryable()) {
                    throw e;
                }
                if (i == all.length - 1) {
                    throw first;
                }
            }
        }
    }

    /**
     * For each address one finding for people; called after the vendor's client has waited in vain. Takes half a second
     * at most for each network address, and little more than a tenth when the deadline has passed already.
     *
     * @param addresses legal ones, separated by commas
     * @param silent what to say about an address that accepts connections, such as "does not answer as Kafka does; …"
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
            return "the host of " + address + " cannot be resolved; check its name";
        }
        return undecided
                ? address + " did not answer in time; check that the broker is running and that its host is"
                        + " reachable from here"
                : "nothing accepts connections at " + address + "; check that the broker is running and that"
                        + " this is its port";
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
