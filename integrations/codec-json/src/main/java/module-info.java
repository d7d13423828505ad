/** JSON bodies, by Jackson. A module whose types are written or read opens their package to {@code com.fasterxml.jackson.databind}. */
module io.anymq.json {
    requires com.fasterxml.jackson.core;
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires com.fasterxml.jackson.module.paramnames;
    requires transitive io.anymq;
    requires static transitive org.jspecify;

    exports io.anymq.json;

    provides io.anymq.Codec with
            io.anymq.json.JsonCodec;
}
