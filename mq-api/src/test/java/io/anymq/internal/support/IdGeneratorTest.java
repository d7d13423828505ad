package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdGeneratorTest {
    @Test
    void idsAreUniqueAcrossThreadsAndGenerators() {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        SplittableRandom seeds = new SplittableRandom();
        for (int g = 0; g < 4; g++) {
            IdGenerator generator = new IdGenerator(new SplittableRandom(seeds.nextLong()));
            IntStream.range(0, 25_000).parallel().forEach(i -> ids.add(generator.next()));
        }
        assertThat(ids).hasSize(100_000);
    }

    @Test
    void idsArePlainAndSortWithinTheirProducer() {
        IdGenerator generator = new IdGenerator(new SplittableRandom(1));
        String before = generator.next();
        for (int i = 0; i < 5_000; i++) {
            String id = generator.next();
            assertThat(id).matches("[0-9a-z]{26}").isGreaterThan(before);
            before = id;
        }
    }
}
