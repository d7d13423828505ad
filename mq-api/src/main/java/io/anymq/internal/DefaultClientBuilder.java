package io.anymq.internal;

import io.anymq.Codec;
import io.anymq.Interceptor;
import io.anymq.MessagingClient;
import io.anymq.MessagingObserver;
import io.anymq.TimeSource;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** Engine entry; being written. */
public final class DefaultClientBuilder implements MessagingClient.Builder {
    public MessagingClient.Builder url(String url) { return this; }
    public MessagingClient.Builder configFile(Path file) { return this; }
    public MessagingClient.Builder set(String key, String value) { return this; }
    public MessagingClient.Builder codec(Codec codec) { return this; }
    public MessagingClient.Builder interceptor(Interceptor interceptor) { return this; }
    public MessagingClient.Builder observer(MessagingObserver observer) { return this; }
    public MessagingClient.Builder timeSource(TimeSource timeSource) { return this; }
    public MessagingClient.Builder random(RandomGenerator random) { return this; }
    public MessagingClient.Builder handlerExecutor(Executor executor) { return this; }
    public MessagingClient open() { throw new IllegalStateException(); }
}
