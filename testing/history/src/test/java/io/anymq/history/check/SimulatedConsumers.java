package io.anymq.history.check;

import static io.anymq.history.check.SimulatedTime.MICRO;
import static io.anymq.history.check.SimulatedTime.MILLI;

import io.anymq.history.Event;
import io.anymq.history.check.SimulatedSource.Copy;
import io.anymq.history.check.SimulatedSource.Lane;
import io.anymq.history.check.SimulatedSource.Letter;
import io.anymq.history.check.SimulatedSource.Member;
import java.util.ArrayList;
import java.util.List;

/** Handles what the broker hands out: attempts, outputs, dead letters, settlements, closes. */
final class SimulatedConsumers {
    static final long BACKOFF = MILLI;

    private final SimulatedTime time;
    private final SimulatedRecorder recorder;
    private final SimulatedBroker broker;

    SimulatedConsumers(SimulatedTime time, SimulatedRecorder recorder, SimulatedBroker broker) {
        this.time = time;
        this.recorder = recorder;
        this.broker = broker;
        broker.deliverTo(this::begin);
    }

    void open(SimulatedSource source) {
        Member member = new Member(source, source.opened++);
        recorder.record("main", new Event.ConsumerOpened(source.name, member.name));
        source.members.add(member);
        List.copyOf(source.lanes.values()).forEach(broker::pump);
    }

    void begin(Lane lane, Copy copy, int epoch) {
        if (lane.epoch != epoch) {
            return;
        }
        if (lane.owner.isGone()) {
            return;
        }
        if (!lane.owner.takesWork()) {
            broker.release(lane);
            return;
        }
        Member member = lane.owner;
        SimulatedSource source = lane.source;
        Letter letter = copy.letter;
        if (source.effected.contains(letter.id)) {
            recorder.record(member.process, new Event.DuplicateSkipped(source.name, member.name, letter.id));
            finish(lane, copy, member);
            return;
        }
        if (letter.key != null && source.parked.contains(letter.key)) {
            bury(lane, copy, member, "KEY_PARKED");
            return;
        }
        copy.attempt++;
        int attempt = copy.attempt;
        recorder.record(
                member.process, new Event.HandlerStarted(source.name, member.name, letter.id, attempt, letter.content));
        lane.calling = true;
        member.running++;
        time.soon(50 * MICRO, 500 * MICRO, () -> end(lane, copy, epoch, member, attempt));
    }

    private void end(Lane lane, Copy copy, int epoch, Member member, int attempt) {
        if (member.dead) {
            return;
        }
        if (member.frozen) {
            member.whenThawed.add(() -> end(lane, copy, epoch, member, attempt));
            return;
        }
        member.running--;
        SimulatedSource source = lane.source;
        String id = copy.letter.id;
        if (lane.epoch != epoch) {
            // a zombie: its outputs are fenced off, and where there is an inbox its transaction is, too
            recorder.record(
                    member.process, new Event.HandlerEnded(source.name, member.name, id, attempt, !source.effects));
            return;
        }
        lane.calling = false;
        boolean succeeded = copy.failuresLeft == 0;
        String output = "out-" + id;
        if (source.outputsTo != null && (succeeded || time.random.nextBoolean())) {
            Letter letter = broker.letter(source.outputsTo, output, copy.letter.key);
            recorder.record(
                    member.process,
                    new Event.OutputPublished(
                            source.name, member.name, id, attempt, source.outputsTo, output, letter.content));
        }
        if (succeeded && source.effects) {
            source.effected.add(id);
        }
        recorder.record(member.process, new Event.HandlerEnded(source.name, member.name, id, attempt, succeeded));
        if (!succeeded) {
            failed(lane, copy, member);
        } else if (source.outputsTo == null) {
            finish(lane, copy, member);
        } else {
            confirmOutput(lane, copy, epoch, member, output);
        }
    }

    private void confirmOutput(Lane lane, Copy copy, int epoch, Member member, String output) {
        SimulatedSource source = lane.source;
        // once the broker has it, so is it, whatever becomes of the consumer
        time.in(30 * MICRO, () -> broker.arrive(source.outputsTo, broker.letter(source.outputsTo, output), 0));
        member.running++;
        time.soon(40 * MICRO, 300 * MICRO, () -> {
            if (member.isGone() || lane.epoch != epoch) {
                member.running--;
                return;
            }
            member.running--;
            recorder.record(
                    member.process,
                    new Event.OutputConfirmed(source.name, member.name, copy.letter.id, source.outputsTo, output));
            finish(lane, copy, member);
        });
    }

    private void failed(Lane lane, Copy copy, Member member) {
        copy.failuresLeft--;
        if (copy.permanent && copy.failuresLeft <= 1) {
            bury(lane, copy, member, "PERMANENT");
        } else if (copy.attempt >= SimulatedBroker.MAX_ATTEMPTS) {
            bury(lane, copy, member, "MAX_ATTEMPTS");
        } else if (member.closing) {
            copy.attempt = 0;
            broker.release(lane);
        } else {
            int epoch = lane.epoch;
            long wait = Math.min(BACKOFF << (copy.attempt - 1), 4 * BACKOFF);
            time.soon(wait, wait + wait / 5, () -> begin(lane, copy, epoch));
        }
    }

    private void bury(Lane lane, Copy copy, Member member, String reason) {
        SimulatedSource source = lane.source;
        String id = copy.letter.id;
        if (source.discards) {
            finish(lane, copy, member);
            return;
        }
        int epoch = lane.epoch;
        int attempts = reason.equals("KEY_PARKED") ? 0 : copy.attempt;
        member.running++;
        time.in(80 * MICRO, () -> {
            member.running--;
            if (member.isGone() || lane.epoch != epoch) {
                return;
            }
            source.dead.computeIfAbsent(id, key -> new ArrayList<>()).add(attempts);
            source.reasons.put(id, reason);
            recorder.record(member.process, new Event.DeadLettered(source.name, member.name, id, attempts, reason));
            if (source.parks && copy.letter.key != null && time.random.nextInt(3) == 0) {
                source.parked.add(copy.letter.key);
                time.soon(3 * MILLI, 9 * MILLI, () -> source.parked.remove(copy.letter.key));
            }
            finish(lane, copy, member);
        });
    }

    private void finish(Lane lane, Copy copy, Member member) {
        copy.settled = false;
        member.running++;
        settle(lane.source, copy, member);
        lane.waiting.remove(copy);
        lane.lately.addLast(copy);
        if (lane.lately.size() > 4 && lane.lately.getFirst().settled) {
            lane.lately.removeFirst();
        }
        lane.busy = false;
        broker.pump(lane);
    }

    private void settle(SimulatedSource source, Copy copy, Member member) {
        time.soon(20 * MICRO, 300 * MICRO, () -> {
            if (broker.outage && !member.isGone()) {
                settle(source, copy, member);
                return;
            }
            member.running--;
            if (!member.isGone()) {
                copy.settled = true;
                recorder.record(member.process, new Event.Settled(source.name, member.name, copy.letter.id));
            }
        });
    }

    /** A member that works, if there is one. */
    Member anyOf(SimulatedSource source) {
        List<Member> able = source.members.stream().filter(Member::takesWork).toList();
        return able.isEmpty() ? null : able.get(time.random.nextInt(able.size()));
    }

    void close(SimulatedSource source) {
        Member member = anyOf(source);
        if (member == null) {
            return;
        }
        if (!time.isIdle()) {
            open(source);
        }
        recorder.record("main", new Event.ConsumerClosing(source.name, member.name));
        member.closing = true;
        for (Lane lane : source.lanes.values()) {
            if (lane.owner == member && !lane.calling && member.running == 0) {
                Copy waiting = lane.waiting.peek();
                if (waiting != null) {
                    waiting.attempt = 0;
                }
                broker.release(lane);
            }
        }
        awaitClosed(source, member);
    }

    private void awaitClosed(SimulatedSource source, Member member) {
        if (member.dead) {
            return;
        }
        if (member.running == 0) {
            // whatever it still owns waits for a retry
            for (Lane lane : source.lanes.values()) {
                if (lane.owner == member) {
                    if (lane.waiting.peek() != null) {
                        lane.waiting.peek().attempt = 0;
                    }
                    broker.release(lane);
                }
            }
            recorder.record("main", new Event.ConsumerClosed(source.name, member.name, true));
        } else {
            time.in(100 * MICRO, () -> awaitClosed(source, member));
        }
    }
}
