package io.anymq.simulation.world;

import io.anymq.Codec;
import io.anymq.simulation.plan.UserFault.Place;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The application's own codec. */
final class UserCodec implements Codec {
    private final UserCode code;

    UserCodec(UserCode code) {
        this.code = code;
    }

    @Override
    public String contentType() {
        return "application/x-simulated";
    }

    @Override
    public boolean supports(Type type) {
        return type == String.class;
    }

    @Override
    @SuppressWarnings("NullAway") // on purpose
    public byte[] encode(Object body, EncodeContext context) {
        if (code.at(Place.ENCODE)) {
            return null;
        }
        return ((String) body).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    @SuppressWarnings("NullAway") // on purpose
    public @Nullable Object decode(byte[] bytes, DecodeContext context) {
        if (code.at(Place.DECODE)) {
            return null;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
