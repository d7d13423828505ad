package io.anymq.spi.support;

import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Notes what it is told, and does what a test says while lanes are revoked. */
final class TestListener implements LaneListener {
    final List<String> events;
    Runnable whenRevoked = () -> {};

    TestListener(List<String> events) {
        this.events = events;
    }

    TestListener() {
        this(new ArrayList<>());
    }

    @Override
    public void lanesRevoked(Collection<Lane> lanes) {
        events.add("revoked " + lanes);
        whenRevoked.run();
    }

    @Override
    public void lanesLost(Collection<Lane> lanes) {
        events.add("lost " + lanes);
    }
}
