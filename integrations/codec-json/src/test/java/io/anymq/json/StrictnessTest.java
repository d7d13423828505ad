package io.anymq.json;

import io.anymq.Codec;

class StrictnessTest extends StrictnessContract {
    @Override
    protected Codec strict() {
        return new JsonCodec();
    }

    @Override
    protected Codec allowing(String leniency) {
        return JsonCodec.allowing(JsonLeniency.valueOf(leniency));
    }
}
