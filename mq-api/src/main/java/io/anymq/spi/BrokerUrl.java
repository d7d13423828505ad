package io.anymq.spi;

import io.anymq.API;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parsed {@code anymq.url}: {@code scheme:name} or {@code scheme://user:password@host:port,host:port/path?key=value}.
 * {@link #toString()} hides the password, and whatever else may be one. Immutable.
 *
 * @param scheme lower case, such as {@code kafka}
 * @param user decoded, or null
 * @param password decoded, or null
 * @param authority hosts and ports as written, possibly several separated by commas; empty in the short form
 * @param path decoded, without the leading slash; the name in the short form; possibly empty
 * @param parameters decoded
 */
@API(API.Status.EVOLVING)
public record BrokerUrl(
        String scheme,
        @Nullable String user,
        @Nullable String password,
        String authority,
        String path,
        Map<String, String> parameters) {
    /** RFC 3986, section 3.1. */
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");

    /** Copies the map. */
    public BrokerUrl {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Parses a URL.
     *
     * @throws IllegalArgumentException naming the problem, without repeating a password
     */
    public static BrokerUrl parse(String text) {
        String trimmed = text.trim();
        int colon = trimmed.indexOf(':');
        if (colon <= 0 || !SCHEME.matcher(trimmed.substring(0, colon)).matches()) {
            throw new IllegalArgumentException(
                    "a broker URL must begin with a scheme, such as inmemory: or kafka://localhost:9092");
        }
        String scheme = trimmed.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = trimmed.substring(colon + 1);
        String query = "";
        int question = rest.indexOf('?');
        if (question >= 0) {
            query = rest.substring(question + 1);
            refuseAt(query);
            rest = rest.substring(0, question);
        }
        Map<String, String> parameters = parameters(query);
        if (!rest.startsWith("//")) {
            String name = decode(rest);
            refuseAt(name);
            return new BrokerUrl(scheme, null, null, "", name, parameters);
        }
        rest = rest.substring(2);
        String path = "";
        int slash = rest.indexOf('/');
        if (slash >= 0) {
            refuseAt(rest.substring(slash));
            path = decode(rest.substring(slash + 1));
            rest = rest.substring(0, slash);
        }
        String user = null;
        String password = null;
        int at = rest.lastIndexOf('@');
        if (at < 0) {
            // Then one that is encoded was meant to end a password.
            refuseAt(path);
        } else {
            String userInfo = rest.substring(0, at);
            rest = rest.substring(at + 1);
            int separator = userInfo.indexOf(':');
            user = decode(separator < 0 ? userInfo : userInfo.substring(0, separator));
            password = separator < 0 ? null : decode(userInfo.substring(separator + 1));
            if (password == null && user.indexOf(':') >= 0) {
                throw new IllegalArgumentException("write the : between user and password as it is, not encoded");
            }
        }
        requirePorts(rest);
        return new BrokerUrl(scheme, user, password, rest, path, parameters);
    }

    /** Behind the hosts it can only be the end of a password that holds / or ?, which would then be printed. */
    private static void refuseAt(String text) {
        if (text.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "an @ must separate user:password from the hosts, as in"
                            + " kafka://user:password@host:9092; elsewhere write it as %40, and / or ? in a password as %2F or %3F");
        }
    }

    private static void requirePorts(String authority) {
        for (String host : authority.split(",", -1)) {
            if (host.indexOf('%') >= 0 && !host.startsWith("[")) {
                throw new IllegalArgumentException("a host must not contain %; write the : between user and password"
                        + " and the @ behind them as they are");
            }
            int colon = host.lastIndexOf(':');
            boolean port = colon < 0 || colon < host.lastIndexOf(']') || isPort(host, colon + 1);
            if (!port) {
                throw new IllegalArgumentException("a port must be a number up to 65535; in a user name or"
                        + " password write / ? # : @ as %2F %3F %23 %3A %40");
            }
        }
    }

    private static boolean isPort(String host, int from) {
        int port = 0;
        for (int i = from; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c < '0' || c > '9' || port > 6553) {
                return false;
            }
            port = port * 10 + (c - '0');
        }
        return port > 0 && port <= 65_535;
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                if (equals <= 0) {
                    throw new IllegalArgumentException("a parameter of a broker URL must be written as name=value;"
                            + " write a ? in a password as %3F");
                }
                String name = decode(pair.substring(0, equals));
                refuseAt(name);
                parameters.put(name, decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    @SuppressWarnings("UnusedException") // it quotes what it could not read, which may be a password
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a % in a broker URL must be followed by two hexadecimal digits");
        }
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(scheme).append(':');
        if (!authority.isEmpty()) {
            out.append("//");
            if (user != null) {
                // A single word may be a token, and a name with a colon hold a password.
                out.append(password == null || user.indexOf(':') >= 0 ? "***@" : user + ":***@");
            }
            out.append(authority);
            if (!path.isEmpty()) {
                out.append('/');
            }
        }
        // As in kafka:user:password, which lacks the rest.
        boolean mayBePassword = authority.isEmpty() && path.indexOf(':') >= 0;
        return out.append(mayBePassword ? "***" : path).toString();
    }
}
