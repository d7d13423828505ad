package io.anymq.history.check;

import static io.anymq.history.check.SimulatedTime.MICRO;
import static io.anymq.history.check.SimulatedTime.MILLI;

import io.anymq.history.Event;
import io.anymq.history.SendOutcome;
import io.anymq.history.check.SimulatedSource.Letter;

/** Sends messages, some of them twice, and some with an outcome that is not known. */
final class SimulatedProducers {
    private final SimulatedTime time;
    private final SimulatedRecorder recorder;
    private final SimulatedBroker broker;

    SimulatedProducers(SimulatedTime time, SimulatedRecorder recorder, SimulatedBroker broker) {
        this.time = time;
        this.recorder = recorder;
        this.broker = broker;
    }

    /** Sends so many messages; a producer that may crash does so at the end, now and then. */
    void produce(String producer, String process, int count, boolean mayCrash) {
        for (int i = 0; i < count; i++) {
            int number = i;
            time.in(i * 200L * MICRO + time.random.nextLong(150 * MICRO), () -> sendOne(producer, process, number));
        }
        if (mayCrash && time.random.nextInt(3) == 0) {
            String last = producer + "-last";
            time.in(count * 200L * MICRO + MILLI, () -> {
                recorder.record(process, new Event.ProducerCrashed(producer));
                send(producer, process, "bulk", broker.letter("bulk", last, null), 0, null);
            });
        }
    }

    private void sendOne(String producer, String process, int number) {
        String destination =
                switch (time.random.nextInt(5)) {
                    case 0 -> "orders";
                    case 1, 2 -> "events";
                    case 3 -> "bulk";
                    default -> "ledger";
                };
        String id = producer + "-" + number;
        boolean keyless = destination.equals("bulk") || time.random.nextInt(10) == 0;
        String key = keyless ? null : "k" + time.random.nextInt(5);
        boolean delayed = destination.equals("bulk") && time.random.nextInt(4) == 0;
        long delay = delayed ? time.random.nextLong(3 * MILLI) : 0;
        Letter letter = broker.letter(destination, id, key);
        int luck = broker.outage ? 90 + time.random.nextInt(10) : time.random.nextInt(100);
        SendOutcome outcome =
                luck < 90 ? SendOutcome.CONFIRMED : luck < 94 ? SendOutcome.REJECTED : SendOutcome.UNKNOWN;
        send(producer, process, destination, letter, delay, outcome);
        if (luck >= 97) {
            // the caller who knows nothing sends it again, and so does one who was refused
            time.in(600 * MICRO, () -> send(producer, process, destination, letter, delay, SendOutcome.CONFIRMED));
        }
    }

    private void send(
            String producer, String process, String destination, Letter letter, long delay, SendOutcome outcome) {
        recorder.record(process, new Event.Sent(producer, destination, letter.id, letter.content, delay));
        boolean stored =
                outcome == SendOutcome.CONFIRMED || (outcome != SendOutcome.REJECTED && time.random.nextBoolean());
        if (stored) {
            time.in(50 * MICRO, () -> broker.arrive(destination, letter, delay));
        }
        if (outcome != null) {
            time.soon(
                    60 * MICRO,
                    400 * MICRO,
                    () -> recorder.record(process, new Event.SendEnded(producer, destination, letter.id, outcome)));
        }
    }
}
