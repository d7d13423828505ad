-- liquibase formatted sql
-- changeset anymq:outbox-1 dbms:mysql,mariadb
CREATE TABLE IF NOT EXISTS anymq_schema (
    component VARCHAR(64) NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
) ENGINE = InnoDB;

-- One row for each message to send, removed when the broker has confirmed it. Written by Outbox alone, which locks the
-- order of a row until its transaction ends. lane: 0 to 63, or -1 without an order. order_id: SHA-256 of what keeps an
-- order. kind: Q queue, T topic. ordering: K per key, T total, U unordered. envelope: id, key and headers as they are.
CREATE TABLE IF NOT EXISTS anymq_outbox (
    seq BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    lane SMALLINT NOT NULL,
    order_id BINARY(32) NOT NULL,
    kind VARCHAR(1) NOT NULL,
    destination VARCHAR(64) NOT NULL,
    ordering VARCHAR(1) NOT NULL,
    message_id VARCHAR(256) CHARACTER SET utf8mb4 NOT NULL,
    message_key VARCHAR(256) CHARACTER SET utf8mb4,
    content_type VARCHAR(128) NOT NULL,
    envelope MEDIUMBLOB NOT NULL,
    body LONGBLOB NOT NULL,
    delay_millis BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    INDEX anymq_outbox_in_lane (lane, seq)
) ENGINE = InnoDB;

-- Which relay sends what is in a lane, until when, and how often that has changed (fence).
CREATE TABLE IF NOT EXISTS anymq_outbox_lane (
    lane SMALLINT NOT NULL PRIMARY KEY,
    owner VARCHAR(64) NOT NULL,
    fence BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
) ENGINE = InnoDB;

INSERT IGNORE INTO anymq_outbox_lane (lane, owner, fence, ends_at)
SELECT a.n + 8 * b.n, '', 0, 0
FROM (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3
    UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7) a,
(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3
    UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7) b;

-- The relays that are alive.
CREATE TABLE IF NOT EXISTS anymq_outbox_relay (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    ends_at BIGINT NOT NULL
) ENGINE = InnoDB;

-- Orders that wait because the broker refused a row of theirs: seq, for the reason in error and detail.
CREATE TABLE IF NOT EXISTS anymq_outbox_stopped (
    order_id BINARY(32) NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    error VARCHAR(64) NOT NULL,
    detail VARCHAR(512) CHARACTER SET utf8mb4 NOT NULL,
    attempts INTEGER NOT NULL,
    since BIGINT NOT NULL,
    retry_at BIGINT NOT NULL
) ENGINE = InnoDB;

-- Locked by a transaction that writes a row of an order, until it ends.
CREATE TABLE IF NOT EXISTS anymq_outbox_lock (
    slot INTEGER NOT NULL PRIMARY KEY
) ENGINE = InnoDB;

INSERT IGNORE INTO anymq_outbox_lock (slot)
SELECT a.lane + 64 * b.lane FROM anymq_outbox_lane a, anymq_outbox_lane b;

-- For tools that read an outbox with the columns of an event router.
CREATE OR REPLACE VIEW anymq_outbox_events AS
SELECT message_id AS id, destination AS aggregatetype, COALESCE(message_key, message_id) AS aggregateid,
content_type AS type, body AS payload, seq, created_at
FROM anymq_outbox;

INSERT IGNORE INTO anymq_schema (component, version) VALUES ('outbox', 1);
