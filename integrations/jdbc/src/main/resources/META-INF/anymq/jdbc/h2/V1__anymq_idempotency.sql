-- liquibase formatted sql
-- changeset anymq:idempotency-1 dbms:h2
CREATE TABLE IF NOT EXISTS anymq_schema (
    component VARCHAR(64) NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
);

-- id: SHA-256 of scope and key, which are here to be read. ends_at: microseconds since 1970-01-01 UTC.
-- state: P in progress, D done, X dead-lettered, R released.
CREATE TABLE IF NOT EXISTS anymq_idempotency (
    id BINARY(32) NOT NULL PRIMARY KEY,
    scope VARCHAR(256) NOT NULL,
    message_key VARCHAR(256) NOT NULL,
    state VARCHAR(1) NOT NULL,
    fingerprint BIGINT NOT NULL,
    token BIGINT NOT NULL,
    claim_id BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS anymq_idempotency_ends_at ON anymq_idempotency (ends_at);

INSERT INTO anymq_schema (component, version)
SELECT 'idempotency', 1 WHERE NOT EXISTS (SELECT 1 FROM anymq_schema WHERE component = 'idempotency');
