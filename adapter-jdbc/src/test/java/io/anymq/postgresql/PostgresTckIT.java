package io.anymq.postgresql;

import io.anymq.tck.AdapterTck;
import io.anymq.tck.BrokerHarness;
import org.junit.jupiter.api.Tag;

/** The whole kit on a real PostgreSQL that forces each commit to the disk. */
@Tag("postgresql")
class PostgresTckIT extends AdapterTck {
    @Override
    protected BrokerHarness harness() throws Exception {
        return new PostgresHarness();
    }
}
