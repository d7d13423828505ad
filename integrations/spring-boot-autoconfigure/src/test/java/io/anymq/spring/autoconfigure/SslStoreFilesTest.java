package io.anymq.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslStoreBundle;

class SslStoreFilesTest {
    /** A store with a secret key, which is an entry with a password as a private key is. */
    private static KeyStore store(String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("client", new SecretKeySpec(new byte[16], "AES"), password.toCharArray(), null);
        store.setKeyEntry("other", new SecretKeySpec(new byte[16], "AES"), password.toCharArray(), null);
        return store;
    }

    @Test
    void storesAreWrittenUnderAnotherPasswordAndDeleted() throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        SslBundle bundle =
                SslBundle.of(SslStoreBundle.of(store("secret"), "secret", empty), SslBundleKey.of("secret", "client"));

        SslStoreFiles files = SslStoreFiles.write(bundle, "kafka");

        Map<String, String> settings = files.settings();
        assertThat(settings)
                .containsEntry("anymq.kafka.tls", "true")
                .containsKeys("anymq.kafka.trust-store", "anymq.kafka.trust-store-password");
        String password = settings.get("anymq.kafka.key-store-password");
        assertThat(password).isNotEqualTo("secret").hasSize(32);
        Path path = Path.of(settings.get("anymq.kafka.key-store"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
                .isEqualTo("rwx------");
        KeyStore written = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(path)) {
            written.load(in, password.toCharArray());
        }
        assertThat(written.getKey("client", password.toCharArray())).isNotNull();
        assertThat(written.containsAlias("other")).isFalse();

        files.close();
        assertThat(path.getParent()).doesNotExist();
    }

    @Test
    void withoutStoresTlsIsOnWithJavasAuthorities() {
        SslStoreFiles files = SslStoreFiles.write(SslBundle.of(SslStoreBundle.NONE), "rabbitmq");
        assertThat(files.settings()).containsExactly(Map.entry("anymq.rabbitmq.tls", "true"));
        files.close();
    }
}
