package io.anymq.samples.files;

import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder as a broker, for URLs such as {@code files:/var/lib/messages} or {@code files:messages} (relative to the
 * working folder). Stateless and thread-safe.
 */
public final class FilesAdapter implements BrokerAdapter {
    /** For {@link java.util.ServiceLoader}. */
    public FilesAdapter() {}

    @Override
    public String scheme() {
        return "files";
    }

    @Override
    public List<ConfigOption> options() {
        return FilesConfig.options();
    }

    @Override
    public List<String> validate(ConnectionContext context) {
        if (context.url().path().isEmpty()) {
            return List.of("anymq.url must contain a folder, such as files:/var/lib/messages");
        }
        try {
            var unused = Path.of(context.url().path());
            return List.of();
        } catch (InvalidPathException e) {
            return List.of("anymq.url: '" + context.url().path() + "' is not a valid path: " + e.getReason());
        }
    }

    @Override
    public BrokerConnection connect(ConnectionContext context) {
        return new FilesConnection(context);
    }
}
