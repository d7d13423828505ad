package io.anymq.jackson3;

import io.anymq.Codec;
import io.anymq.json.HostileInputContract;

class HostileInputTest extends HostileInputContract {
    @Override
    protected Codec strict() {
        return new Jackson3Codec();
    }

    @Override
    protected Codec allowing(String leniency) {
        return Jackson3Codec.allowing(JsonLeniency.valueOf(leniency));
    }
}
