package io.anymq.tck.wrap;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Answers to {@code tck-wrapped:…}, connects with another adapter and wraps its connection.
 *
 * <pre>{@code
 * String url = WrappingAdapter.register("kafka://localhost:9092", Map.of(), connection -> new Noisy(connection));
 * }</pre>
 */
public final class WrappingAdapter implements BrokerAdapter {
    /** The URL scheme. */
    public static final String SCHEME = "tck-wrapped";

    private static final Map<String, Wrapping> WRAPPINGS = new ConcurrentHashMap<>();
    private static final AtomicLong NUMBERS = new AtomicLong();

    private record Wrapping(String url, Map<String, String> settings, UnaryOperator<BrokerConnection> decorator) {}

    /** For the service loader. */
    public WrappingAdapter() {}

    /** Returns a URL under which the broker at {@code url} is reached through {@code decorator}. */
    public static String register(String url, Map<String, String> settings, UnaryOperator<BrokerConnection> decorator) {
        String number = Long.toString(NUMBERS.incrementAndGet());
        WRAPPINGS.put(number, new Wrapping(url, Map.copyOf(settings), decorator));
        return SCHEME + ":" + number;
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public List<String> validate(ConnectionContext context) {
        return WRAPPINGS.containsKey(context.url().path())
                ? List.of()
                : List.of("nothing is registered as " + context.url());
    }

    @Override
    public @Nullable String invalidPhysicalName(Address address, ConnectionContext context) {
        Wrapping wrapping = WRAPPINGS.get(context.url().path());
        return wrapping == null
                ? "nothing is registered as " + context.url()
                : DirectAdapter.find(wrapping.url(), wrapping.settings()).invalidPhysicalName(address);
    }

    @Override
    public BrokerConnection connect(ConnectionContext context) {
        Wrapping wrapping = WRAPPINGS.get(context.url().path());
        if (wrapping == null) {
            throw new MessagingException(ErrorCode.CONFIGURATION, "nothing is registered as " + context.url());
        }
        return wrapping.decorator()
                .apply(DirectAdapter.find(wrapping.url(), wrapping.settings())
                        .connect(
                                context.clientName(),
                                context.connectTimeout(),
                                context.operationTimeout(),
                                context.timeSource()));
    }
}
