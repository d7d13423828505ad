package io.anymq.samples.files;

import io.anymq.tck.AdapterTck;
import io.anymq.tck.BrokerHarness;

class FilesTckTest extends AdapterTck {
    @Override
    protected BrokerHarness harness() throws Exception {
        return new FilesHarness();
    }
}
