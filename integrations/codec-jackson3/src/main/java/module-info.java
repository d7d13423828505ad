/** JSON bodies, by Jackson 3. A module whose types are written or read opens their package to {@code tools.jackson.databind}. */
@SuppressWarnings("module") // it is named like its package, which names the version of Jackson
module io.anymq.jackson3 {
    requires transitive io.anymq;
    requires static transitive org.jspecify;
    requires tools.jackson.core;
    requires transitive tools.jackson.databind;

    exports io.anymq.jackson3;

    provides io.anymq.Codec with
            io.anymq.jackson3.Jackson3Codec;
}
