package io.anymq.rocketmq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {
    private static ClientSettings settings(boolean tls, String user, String password) {
        return new ClientSettings("a:1,b:2", Duration.ofSeconds(1), tls, user, password);
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
        assertThat(guarded.netty().isUseTLS()).isTrue();
        assertThat(guarded.accessControl()).isNotNull();
    }

    @Test
    void theirTextShowsNoPassword() {
        assertThat(settings(true, "app", "hush")).hasToString("a:1,b:2, TLS, user app");
    }
}
