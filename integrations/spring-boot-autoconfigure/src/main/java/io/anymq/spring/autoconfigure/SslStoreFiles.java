package io.anymq.spring.autoconfigure;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * The stores of an SSL bundle as the files that adapters read: PKCS#12 in a folder that only this user may enter, under
 * a password that is made here, until {@link #close}. Options of a bundle (ciphers, protocols) are not passed on.
 */
final class SslStoreFiles implements AutoCloseable {
    private final Path folder;
    private final Map<String, String> settings = new LinkedHashMap<>();

    private SslStoreFiles(Path folder) {
        this.folder = folder;
    }

    /** Writes the stores for the adapter of this scheme. */
    static SslStoreFiles write(SslBundle bundle, String scheme) {
        try {
            SslStoreFiles files = new SslStoreFiles(Files.createTempDirectory("anymq-ssl"));
            try {
                files.writeStores(bundle, "anymq." + scheme + ".");
                return files;
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                files.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the stores of the SSL bundle cannot be written: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the stores of the SSL bundle cannot be read: " + e.getMessage(), e);
        }
    }

    private void writeStores(SslBundle bundle, String prefix) throws IOException, GeneralSecurityException {
        settings.put(prefix + "tls", "true");
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        SslStoreBundle stores = bundle.getStores();
        KeyStore trust = stores.getTrustStore();
        if (trust != null) {
            write(trust, null, null, "trust", password);
            settings.put(prefix + "trust-store", folder.resolve("trust.p12").toString());
            settings.put(prefix + "trust-store-password", password);
        }
        KeyStore keys = stores.getKeyStore();
        if (keys != null) {
            String keyPassword = bundle.getKey().getPassword();
            write(
                    keys,
                    keyPassword == null ? stores.getKeyStorePassword() : keyPassword,
                    bundle.getKey().getAlias(),
                    "keys",
                    password);
            settings.put(prefix + "key-store", folder.resolve("keys.p12").toString());
            settings.put(prefix + "key-store-password", password);
        }
    }

    private void write(
            KeyStore from, @Nullable String keyPassword, @Nullable String onlyAlias, String name, String password)
            throws IOException, GeneralSecurityException {
        char[] secret = password.toCharArray();
        KeyStore copy = KeyStore.getInstance("PKCS12");
        copy.load(null, secret);
        for (String alias : Collections.list(from.aliases())) {
            if (from.isKeyEntry(alias)) {
                if (onlyAlias == null || onlyAlias.equals(alias)) {
                    Key key = from.getKey(alias, keyPassword == null ? new char[0] : keyPassword.toCharArray());
                    copy.setKeyEntry(alias, key, secret, from.getCertificateChain(alias));
                }
            } else {
                copy.setCertificateEntry(alias, from.getCertificate(alias));
            }
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".p12"))) {
            copy.store(out, secret);
        }
    }

    /** The settings that name the files. */
    Map<String, String> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** Deletes the files. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder.resolve("trust.p12"));
            Files.deleteIfExists(folder.resolve("keys.p12"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
