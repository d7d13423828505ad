package io.anymq.rocketmq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.spi.support.TlsStores;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {
    private static ClientSettings settings(boolean tls, String user, String password) {
        TlsStores stores = tls
                ? new TlsStores(SpiContext.of("rocketmq://a:1", Map.of(TlsStores.TLS, "true"))
                        .config())
                : null;
        return new ClientSettings("a:1,b:2", Duration.ofSeconds(1), stores, user, password);
    }

    @Test
    void theVendorGetsThemTheWayItWantsThem() {
        ClientSettings plain = settings(false, null, null);
        assertThat(plain.client().getNamesrvAddr()).isEqualTo("a:1;b:2");
        assertThat(plain.client().isUseTLS()).isFalse();
        assertThat(plain.netty().isUseTLS()).isFalse();
        assertThat(plain.netty().getConnectTimeoutMillis()).isEqualTo(500);
        assertThat(plain.accessControl()).isNull();
        ClientSettings guarded = settings(true, "app", "hush");
        assertThat(guarded.client().isUseTLS()).isTrue();
        // its own TLS would accept every certificate
        assertThat(guarded.netty().isUseTLS()).isFalse();
        assertThat(guarded.accessControl()).isNotNull();
    }

    @Test
    void theirTextShowsNoPassword() {
        assertThat(settings(true, "app", "hush")).hasToString("a:1,b:2, TLS, user app");
    }
}
