package io.anymq.brokers;

import java.util.Arrays;
import java.util.List;

/** Reads {@code host:port[,host:port…]}. */
final class HostPorts {
    private HostPorts() {}

    static List<String> parse(String text, String what) {
        List<String> addresses =
                Arrays.stream(text.split(",", -1)).map(String::trim).toList();
        addresses.forEach(address -> check(address, text, what));
        return addresses;
    }

    private static void check(String address, String text, String what) {
        int colon = address.lastIndexOf(':');
        String port = colon < 1 ? "" : address.substring(colon + 1);
        boolean number = !port.isEmpty()
                && port.length() <= 5
                && port.chars().allMatch(Character::isDigit)
                && Integer.parseInt(port) >= 1
                && Integer.parseInt(port) <= 65535;
        if (!number || address.chars().anyMatch(c -> Character.isWhitespace(c) || c == '/' || c == '@')) {
            throw new LocalBrokerException(
                    what + " must be host:port, or several separated by commas, with ports from 1 to 65535, but"
                            + " was '" + text
                            + "'");
        }
    }
}
