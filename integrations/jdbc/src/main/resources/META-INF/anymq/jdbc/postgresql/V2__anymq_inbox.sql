-- liquibase formatted sql
-- changeset anymq:inbox-1 dbms:postgresql
CREATE TABLE IF NOT EXISTS anymq_schema (
    component VARCHAR(64) NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
);

-- One row for each handled message. id: SHA-256 of scope, source and message id, which are here to be read.
-- ends_at: microseconds since 1970-01-01 UTC.
CREATE TABLE IF NOT EXISTS anymq_inbox (
    id BYTEA NOT NULL PRIMARY KEY,
    source VARCHAR(256) NOT NULL,
    message_id VARCHAR(256) NOT NULL,
    ends_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS anymq_inbox_ends_at ON anymq_inbox (ends_at);

INSERT INTO anymq_schema (component, version)
SELECT 'inbox', 1 WHERE NOT EXISTS (SELECT 1 FROM anymq_schema WHERE component = 'inbox');
