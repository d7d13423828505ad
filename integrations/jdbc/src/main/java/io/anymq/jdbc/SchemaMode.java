package io.anymq.jdbc;

import io.anymq.API;

/** What is done about the tables: {@code anymq.jdbc.schema}. */
@API(API.Status.EXPERIMENTAL)
public enum SchemaMode {
    /** Looks whether they are there in the right version, and refuses to work if not. The default. */
    VALIDATE,
    /** Creates what is missing, then looks as with {@link #VALIDATE}. Needs the right to create tables. */
    CREATE,
    /** Does not look. */
    NONE
}
