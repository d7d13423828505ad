package io.anymq.brokers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The Erlang shell of a node, on its standard input; a thousand times quicker than {@code rabbitmqctl eval}. */
final class RabbitMqConsole {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Duration BOUND = Duration.ofSeconds(15);
    private static final Duration PACE = Duration.ofMillis(5);

    private final OutputStream input;
    private final Path log;

    RabbitMqConsole(OutputStream input, Path log) {
        this.input = input;
        this.log = log;
    }

    /** Evaluates one expression, without the full stop, and returns its value as Erlang prints it. */
    String eval(String expression) {
        String mark = "anymq-" + NUMBERS.incrementAndGet();
        // The mark is put together there, so that an echo of this line is not taken for its answer.
        String line = "io:format(\"~n~s<~0p>~s~n\", [\"" + mark + "\", catch (begin " + expression + " end), \"" + mark
                + "\"]).\n";
        try {
            long from = Files.size(log);
            synchronized (input) {
                input.write(line.getBytes(StandardCharsets.UTF_8));
                input.flush();
            }
            long deadline = System.nanoTime() + BOUND.toNanos();
            while (System.nanoTime() < deadline) {
                String text = tail(from);
                int start = text.indexOf(mark + "<");
                int end = start < 0 ? -1 : text.indexOf(">" + mark, start);
                if (end >= 0) {
                    String answer = text.substring(start + mark.length() + 1, end);
                    if (answer.startsWith("{'EXIT',")) {
                        throw new LocalBrokerException("the node rejected '" + expression + "': " + answer);
                    }
                    return answer;
                }
                LockSupport.parkNanos(PACE.toNanos());
            }
        } catch (IOException e) {
            throw new LocalBrokerException("could not ask the node for '" + expression + "': " + e, e);
        }
        throw new LocalBrokerException(
                "the node did not answer '" + expression + "' within " + BOUND.toSeconds() + " s; see " + log);
    }

    /** Has the node begin something that it does not live to answer. */
    void tell(String expression) {
        try {
            synchronized (input) {
                input.write((expression + ".\n").getBytes(StandardCharsets.UTF_8));
                input.flush();
            }
        } catch (IOException e) {
            throw new LocalBrokerException("could not tell the node '" + expression + "': " + e, e);
        }
    }

    private String tail(long from) throws IOException {
        try (var file = Files.newByteChannel(log)) {
            file.position(from);
            return new String(java.nio.channels.Channels.newInputStream(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
