-- liquibase formatted sql
-- changeset anymq:idempotency-1 dbms:mysql,mariadb
CREATE TABLE IF NOT EXISTS anymq_schema (
    component VARCHAR(64) NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
) ENGINE = InnoDB;

-- id: SHA-256 of scope and key, which are here to be read. ends_at: microseconds since 1970-01-01 UTC.
-- state: P in progress, D done, X dead-lettered, R released.
CREATE TABLE IF NOT EXISTS anymq_idempotency (
    id BINARY(32) NOT NULL PRIMARY KEY,
    scope VARCHAR(256) CHARACTER SET utf8mb4 NOT NULL,
    message_key VARCHAR(256) CHARACTER SET utf8mb4 NOT NULL,
    state VARCHAR(1) NOT NULL,
    fingerprint BIGINT NOT NULL,
    token BIGINT NOT NULL,
    claim_id BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    INDEX anymq_idempotency_ends_at (ends_at)
) ENGINE = InnoDB;

INSERT IGNORE INTO anymq_schema (component, version) VALUES ('idempotency', 1);
