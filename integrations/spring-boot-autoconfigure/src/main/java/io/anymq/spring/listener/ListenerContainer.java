package io.anymq.spring.listener;

import io.anymq.Consumer;
import io.anymq.Health;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Source;
import io.anymq.spring.AnyMqListenerContainer;
import io.anymq.spring.client.Reconnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts, stops and watches the consumer of one listener. */
final class ListenerContainer implements AnyMqListenerContainer {
    private static final Logger log = LoggerFactory.getLogger(ListenerContainer.class);

    private final Listener listener;
    private final MessagingClient client;
    private final Reconnection reconnection;
    private State state = State.STOPPED;
    private boolean paused;
    private @Nullable Consumer consumer;
    private String problem = "";
    /** Tells attempts of an earlier start from those of the present one. */
    private int generation;

    ListenerContainer(Listener listener, MessagingClient client, Reconnection reconnection) {
        this.listener = listener;
        this.client = client;
        this.reconnection = reconnection;
    }

    boolean autoStartup() {
        return listener.autoStartup();
    }

    @Override
    public String id() {
        return listener.id();
    }

    @Override
    public Source source() {
        return listener.source();
    }

    @Override
    public synchronized State state() {
        return state;
    }

    @Override
    public void start() {
        int started;
        synchronized (this) {
            if (state == State.RUNNING || state == State.WAITING) {
                return;
            }
            state = State.WAITING;
            problem = "starting";
            started = ++generation;
        }
        try {
            adopt(started, listener.start(client));
        } catch (MessagingException e) {
            boolean retryable = e.isRetryable();
            failed(started, retryable ? State.WAITING : State.FAILED, e);
            if (!retryable) {
                throw e;
            }
            log.warn("Listener {} waits for the broker: {}; retrying in the background", id(), e.getMessage());
            reconnection.repeat(() -> reopen(started));
        } catch (Throwable e) {
            failed(started, State.FAILED, e);
            throw e;
        }
    }

    /** True when it is over: it runs, or is no longer wanted. */
    private boolean reopen(int started) {
        synchronized (this) {
            if (started != generation || state != State.WAITING) {
                return true;
            }
        }
        try {
            // without the lock, since it may take as long as the broker is given
            adopt(started, listener.start(client));
            log.info("Listener {} receives from {}", id(), source());
            return true;
        } catch (Throwable e) {
            failed(started, State.WAITING, e);
            if (e instanceof MessagingException messaging && messaging.isRetryable()) {
                log.debug("Listener {} still waits for the broker: {}", id(), e.getMessage());
            } else {
                log.error("Could not start listener {}: {}; retrying", id(), e.toString());
            }
            return false;
        }
    }

    private void adopt(int started, Consumer opened) {
        synchronized (this) {
            if (started == generation) {
                if (paused) {
                    opened.pause();
                }
                consumer = opened;
                state = State.RUNNING;
                CompletableFuture<Void> unused = opened.whenClosed().whenComplete((closed, failure) -> {
                    if (failure != null) {
                        failed(started, State.FAILED, failure);
                    }
                });
                return;
            }
        }
        // it was stopped meanwhile
        opened.close();
    }

    private synchronized void failed(int started, State then, Throwable failure) {
        if (started == generation) {
            state = then;
            problem = String.valueOf(failure.getMessage());
            consumer = null;
        }
    }

    @Override
    public void stop() {
        Consumer running = detach();
        if (running != null) {
            running.close();
        }
    }

    /** Stops it within {@code timeout}; handlers that run longer are interrupted. */
    void stop(Duration timeout) {
        Consumer running = detach();
        if (running != null) {
            running.close(timeout);
        }
    }

    private synchronized @Nullable Consumer detach() {
        generation++;
        state = State.STOPPED;
        Consumer running = consumer;
        consumer = null;
        return running;
    }

    @Override
    public synchronized void pause() {
        paused = true;
        if (consumer != null) {
            consumer.pause();
        }
    }

    @Override
    public synchronized void resume() {
        paused = false;
        if (consumer != null) {
            consumer.resume();
        }
    }

    @Override
    public synchronized boolean isPaused() {
        return paused;
    }

    @Override
    public synchronized Optional<Consumer> consumer() {
        return Optional.ofNullable(consumer);
    }

    @Override
    public synchronized Health health() {
        return switch (state) {
            case STOPPED -> Health.up("stopped by the application");
            case WAITING -> Health.down("waiting for the broker: " + problem);
            case FAILED -> Health.down(problem);
            case RUNNING -> consumer == null ? Health.down("no consumer") : consumer.health();
        };
    }
}
