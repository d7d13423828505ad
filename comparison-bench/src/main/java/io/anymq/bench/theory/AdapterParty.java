package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;

/** AnyMQ in a broker's crash: it connects anew by itself; a key whose send failed goes on without that message. */
final class AdapterParty implements Failover.Party {
    private final Stage stage;
    private final Failover.Tally tally;
    private final Producer<String> producer;

    AdapterParty(Stage stage, Queue queue, Failover.Tally tally) {
        this.stage = stage;
        this.tally = tally;
        stage.consume(queue, builder -> builder, delivery -> tally.handle(Integer.parseInt(delivery.body())));
        producer = stage.producer(queue);
    }

    @Override
    public void send(int number) {
        String key = Failover.key(number);
        var unused = stage.send(producer, Message.of(String.valueOf(number)).withKey(key))
                .whenComplete((receipt, failure) -> {
                    if (failure == null) {
                        tally.confirmed.add(number);
                    } else {
                        // A gap blocks its key until somebody decides; this sender goes on without the message.
                        producer.resumeKey(key);
                    }
                });
    }

    @Override
    public void close() {
        producer.close();
    }
}
