-- liquibase formatted sql
-- changeset anymq:inbox-1 dbms:mysql,mariadb
CREATE TABLE IF NOT EXISTS anymq_schema (
    component VARCHAR(64) NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
) ENGINE = InnoDB;

-- One row for each handled message. id: SHA-256 of scope, source and message id, which are here to be read.
-- ends_at: microseconds since 1970-01-01 UTC.
CREATE TABLE IF NOT EXISTS anymq_inbox (
    id BINARY(32) NOT NULL PRIMARY KEY,
    source VARCHAR(256) CHARACTER SET utf8mb4 NOT NULL,
    message_id VARCHAR(256) CHARACTER SET utf8mb4 NOT NULL,
    ends_at BIGINT NOT NULL,
    INDEX anymq_inbox_ends_at (ends_at)
) ENGINE = InnoDB;

INSERT IGNORE INTO anymq_schema (component, version) VALUES ('inbox', 1);
