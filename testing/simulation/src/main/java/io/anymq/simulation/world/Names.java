package io.anymq.simulation.world;

import io.anymq.Source;
import io.anymq.spi.Address;

/** Names in a run, the same for every plan. */
final class Names {
    static final String BROKER = "simulation";
    static final String QUEUE = "orders";
    static final String TOPIC = "events";
    static final String OUTPUT = "outputs";
    static final String OPERATOR = "operator-";
    static final String[] SUBSCRIPTIONS = {"mail", "audit"};

    private static final String MARK = "=";

    private Names() {}

    /** The id of the output of {@code source}'s handler for {@code input}. */
    static String output(String source, String input) {
        return source + MARK + input;
    }

    /** Where the dead letters of {@code source} go. */
    static String dead(Source source) {
        return source.path().replace('/', '-') + "-dead";
    }

    /** The source that is received from here, or to which this leads back. */
    static String path(Address address) {
        if (address instanceof Address.Redelivery back) {
            return back.source().path();
        }
        if (address instanceof Address.OfSubscription subscription) {
            return subscription.subscription().path();
        }
        return ((Address.OfQueue) address).queue().path();
    }

    static String sourceOfOutput(String output) {
        return output.substring(0, output.indexOf(MARK));
    }

    static String inputOfOutput(String output) {
        return output.substring(output.indexOf(MARK) + 1);
    }
}
