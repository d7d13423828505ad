package io.anymq.history.check;

import static io.anymq.history.check.SimulatedTime.MICRO;
import static io.anymq.history.check.SimulatedTime.MILLI;

import io.anymq.history.Event;
import io.anymq.history.check.SimulatedSource.Lane;
import io.anymq.history.check.SimulatedSource.Member;
import java.util.List;

/** Consumers that crash or freeze, and a broker that breaks, each followed by a redelivery. */
final class SimulatedFaults {
    private final SimulatedTime time;
    private final SimulatedRecorder recorder;
    private final SimulatedBroker broker;
    private final SimulatedConsumers consumers;

    SimulatedFaults(
            SimulatedTime time, SimulatedRecorder recorder, SimulatedBroker broker, SimulatedConsumers consumers) {
        this.time = time;
        this.recorder = recorder;
        this.broker = broker;
        this.consumers = consumers;
    }

    void crash(SimulatedSource source) {
        Member victim = consumers.anyOf(source);
        if (victim == null) {
            return;
        }
        recorder.record("main", new Event.ConsumerCrashed(source.name, victim.name));
        time.soon(0, 60 * MICRO, () -> {
            victim.dead = true;
            time.in(MILLI, () -> {
                consumers.open(source);
                takeFrom(victim);
            });
        });
    }

    private void takeFrom(Member member) {
        for (Lane lane : member.source.lanes.values()) {
            if (lane.owner == member) {
                broker.rewind(lane);
                broker.release(lane);
            }
        }
    }

    void freeze(SimulatedSource source) {
        Member victim = consumers.anyOf(source);
        if (victim == null) {
            return;
        }
        String fault = "frozen " + victim.name;
        recorder.record("main", new Event.FaultBegan(fault, victim.name));
        victim.frozen = true;
        time.in(MILLI, () -> {
            consumers.open(source);
            takeFrom(victim);
        });
        time.in(5 * MILLI, () -> {
            victim.frozen = false;
            List.copyOf(victim.whenThawed).forEach(Runnable::run);
            victim.whenThawed.clear();
            time.soon(500 * MICRO, MILLI, () -> recorder.record("main", new Event.FaultHealed(fault)));
        });
    }

    void breakBroker() {
        broker.outage = true;
        recorder.record("main", new Event.FaultBegan("broker down", null));
        time.soon(2 * MILLI, 5 * MILLI, () -> {
            broker.outage = false;
            recorder.record("main", new Event.FaultHealed("broker down"));
            for (SimulatedSource source : broker.sources()) {
                for (Lane lane : source.lanes.values()) {
                    boolean idle = !lane.busy && lane.owner != null && lane.owner.takesWork();
                    if (idle) {
                        broker.rewind(lane);
                        lane.epoch++;
                        broker.pump(lane);
                    }
                }
            }
        });
    }
}
