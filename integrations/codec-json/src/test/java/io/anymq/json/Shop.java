package io.anymq.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The bodies that the tests send. */
final class Shop {
    private Shop() {}

    enum Status {
        NEW,
        PAID
    }

    record Line(String article, int quantity) {
        Line {
            if (quantity < 0) {
                throw new IllegalArgumentException("secret quantity " + quantity);
            }
        }
    }

    record Order(
            String id,
            Status status,
            BigDecimal total,
            Instant placedAt,
            OffsetDateTime shipsAt,
            LocalDate due,
            Duration window,
            Optional<String> note,
            List<Line> lines,
            Map<String, Integer> stock) {}

    record Note(String text) {}

    record Maybe(Optional<String> text) {}

    record Tree(List<Tree> children) {}

    record Big(java.math.BigInteger number) {}

    record Stock(Map<String, Integer> stock) {}

    /** A class that asks for something forbidden. */
    static final class Trusting {
        @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
        public Object anything = "";
    }

    static final class Loop {
        public List<Loop> selves = List.of(this);
    }

    static final class Grudging {
        public String getText() {
            throw new IllegalStateException("secret text");
        }
    }
}
