package io.anymq.tck.brokers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * Self-signed certificates for one test run: of a server at 127.0.0.1, of a server somewhere else, and of a client. Made by
 * the JDK's {@code keytool}, in the forms that brokers want.
 */
public final class Certificates {
    /** Opens every store. */
    public static final String PASSWORD = "certificates";

    private static final String ALIAS = "it";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** Whose certificate. */
    public enum Owner {
        /** A server with the name under which tests reach it. */
        SERVER("ip:127.0.0.1,dns:localhost"),
        /** A server with another name. */
        ELSEWHERE("dns:elsewhere.invalid"),
        /** A client. */
        CLIENT("dns:client.invalid");

        private final String names;

        Owner(String names) {
            this.names = names;
        }
    }

    private final Path folder;

    /**
     * Makes certificates for all owners.
     *
     * @param folder where the files are put
     * @throws IOException if {@code keytool} or the disk fails
     */
    public Certificates(Path folder) throws IOException {
        this.folder = folder;
        try {
            for (Owner owner : Owner.values()) {
                make(owner);
                export(owner);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("a store of certificates cannot be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool was running", e);
        }
    }

    private void make(Owner owner) throws IOException, InterruptedException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "RSA",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-alias",
                        ALIAS,
                        "-dname",
                        "CN=" + owner,
                        "-ext",
                        "san=" + owner.names,
                        "-keystore",
                        keyStore(owner).toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(owner + ".log").toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool failed: " + Files.readString(folder.resolve(owner + ".log")));
        }
    }

    private void export(Owner owner) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore(owner))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
        try (OutputStream out = Files.newOutputStream(trustStore(owner))) {
            trusted.store(out, PASSWORD.toCharArray());
        }
        pem(certificate(owner), "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
        pem(
                key(owner),
                "PRIVATE KEY",
                keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
    }

    private static void pem(Path file, String what, byte[] content) throws IOException {
        String text = new String(LINES.encode(content), US_ASCII);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    /** PKCS#12 store of the owner's certificate and key. */
    public Path keyStore(Owner owner) {
        return folder.resolve(owner + "-keys.p12");
    }

    /** PKCS#12 store of an authority that vouches for this owner and nobody else. */
    public Path trustStore(Owner owner) {
        return folder.resolve(owner + "-trust.p12");
    }

    /** The owner's certificate in PEM; also the authority that vouches for it. */
    public Path certificate(Owner owner) {
        return folder.resolve(owner + "-certificate.pem");
    }

    /** The owner's key in PEM. */
    public Path key(Owner owner) {
        return folder.resolve(owner + "-key.pem");
    }
}
