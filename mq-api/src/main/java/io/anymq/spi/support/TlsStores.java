package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The stores of an adapter's options {@code trust-store}, {@code trust-store-password}, {@code key-store} and {@code
 * key-store-password}: PKCS#12 or JKS files. Without a trust store Java's own authorities are trusted. Immutable.
 *
 * <pre>{@code
 * options.addAll(TlsStores.options());
 * problems.addAll(TlsStores.problems(config, "anymq.x."));
 * if (config.flag(TlsStores.TLS)) {
 *     factory.useSslContext(new TlsStores(config).context());
 * }
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class TlsStores implements GatheringSocket.Tls {
    /** Whether to connect with TLS. */
    public static final String TLS = "tls";

    /** Whether to refuse a certificate that is made out to another host. */
    public static final String VERIFY_HOST = "tls-verify-host";

    /** Authorities to trust. */
    public static final String TRUST_STORE = "trust-store";

    /** Opens {@link #TRUST_STORE}. */
    public static final String TRUST_STORE_PASSWORD = "trust-store-password";

    /** The client's own certificate. */
    public static final String KEY_STORE = "key-store";

    /** Opens {@link #KEY_STORE}. */
    public static final String KEY_STORE_PASSWORD = "key-store-password";

    private final SSLContext context;
    private final boolean verifyHost;

    /** The six options above, for {@link io.anymq.spi.BrokerAdapter#options}. */
    public static List<ConfigOption> options() {
        return List.of(
                ConfigOption.flag(TLS, false, "whether to encrypt connections with TLS"),
                ConfigOption.flag(VERIFY_HOST, true, "whether to refuse a certificate issued to another host"),
                ConfigOption.text(
                        TRUST_STORE,
                        null,
                        "PKCS#12 or JKS file of the trusted certificate authorities; Java's own by default"),
                ConfigOption.secret(TRUST_STORE_PASSWORD, "password of the trust store"),
                ConfigOption.text(KEY_STORE, null, "PKCS#12 or JKS file of the client's own certificate"),
                ConfigOption.secret(KEY_STORE_PASSWORD, "password of the key store"));
    }

    /**
     * The problems of the options, without opening a store. For {@link io.anymq.spi.BrokerAdapter#validate}.
     *
     * @param prefix the prefix of the options, such as "anymq.rabbitmq."
     * @return one sentence per mistake
     */
    public static List<String> problems(ConfigValues config, String prefix) {
        List<String> problems = new ArrayList<>();
        for (String store : List.of(TRUST_STORE, KEY_STORE)) {
            config.text(store).ifPresent(file -> {
                if (!config.flag(TLS)) {
                    problems.add(prefix + store + " is only used when " + prefix + TLS + "=true");
                } else if (!Files.isReadable(Path.of(file))) {
                    problems.add(prefix + store + ": the file " + file + " cannot be read");
                }
            });
        }
        return problems;
    }

    /**
     * The stores if {@link #TLS} is on, else empty.
     *
     * @throws MessagingException CONFIGURATION, if a file or its password is wrong
     */
    public static Optional<TlsStores> ifOn(ConfigValues config) {
        return config.flag(TLS) ? Optional.of(new TlsStores(config)) : Optional.empty();
    }

    /**
     * Reads the stores.
     *
     * @throws MessagingException CONFIGURATION, if a file or its password is wrong
     */
    public TlsStores(ConfigValues config) {
        verifyHost = config.flag(VERIFY_HOST);
        try {
            context = SSLContext.getInstance("TLS");
            context.init(
                    config.text(KEY_STORE).isEmpty() ? null : keys(config),
                    config.text(TRUST_STORE).isEmpty() ? null : trusted(config),
                    null);
        } catch (GeneralSecurityException | IOException e) {
            throw new MessagingException(
                    ErrorCode.CONFIGURATION,
                    "could not set up TLS; check the trust store, the key store and their passwords: " + e.getMessage(),
                    false,
                    e);
        }
    }

    private static KeyManager[] keys(ConfigValues config) throws GeneralSecurityException, IOException {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store(config, KEY_STORE, KEY_STORE_PASSWORD), password(config, KEY_STORE_PASSWORD));
        return managers.getKeyManagers();
    }

    private static TrustManager[] trusted(ConfigValues config) throws GeneralSecurityException, IOException {
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store(config, TRUST_STORE, TRUST_STORE_PASSWORD));
        return managers.getTrustManagers();
    }

    private static KeyStore store(ConfigValues config, String option, String passwordOption)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try (InputStream in = Files.newInputStream(Path.of(config.text(option).orElseThrow()))) {
            store.load(in, password(config, passwordOption));
        }
        return store;
    }

    private static char[] password(ConfigValues config, String option) {
        return config.text(option).orElse("").toCharArray();
    }

    /** For client libraries that take a context. */
    public SSLContext context() {
        return context;
    }

    /**
     * TLS over a socket that is connected, before the handshake; the certificate must be made out to the host, unless
     * {@link #VERIFY_HOST} is off.
     *
     * @param connected is closed along with the result
     */
    @Override
    public SSLSocket over(Socket connected, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(connected, host, port, true);
        socket.setSSLParameters(verifying(socket.getSSLParameters()));
        return socket;
    }

    /**
     * For client libraries that do TLS without sockets. The certificate must be made out to the host, unless {@link
     * #VERIFY_HOST} is off.
     */
    public SSLEngine engine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(verifying(engine.getSSLParameters()));
        return engine;
    }

    private SSLParameters verifying(SSLParameters parameters) {
        if (verifyHost) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        return parameters;
    }

    /**
     * Shakes hands with a server in order to find out why a client library could not: libraries that write and read on
     * two threads may lose the reason. Waits for the server's first byte, since only then it has looked at the client's
     * certificate.
     *
     * @param address {@code host:port}
     * @return the problem, or empty if it is not the handshake
     */
    public Optional<SSLException> whyRefused(String address, Deadline deadline) {
        int colon = address.lastIndexOf(':');
        String host = HostPort.host(address);
        int port = Integer.parseInt(address.substring(colon + 1));
        int millis = Math.max(100, Math.min(1_000, deadline.millisLeft()));
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), millis);
            plain.setSoTimeout(millis);
            try (SSLSocket socket = over(plain, host, port)) {
                socket.startHandshake();
                int unused = socket.getInputStream().read();
            }
            return Optional.empty();
        } catch (SSLException e) {
            return Optional.of(e);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
