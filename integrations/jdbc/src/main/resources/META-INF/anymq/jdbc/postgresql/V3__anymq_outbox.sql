-- liquibase formatted sql
-- changeset anymq:outbox-1 dbms:postgresql
CREATE TABLE IF NOT EXISTS anymq_schema (
    component VARCHAR(64) NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
);

-- One row for each message to send, removed when the broker has confirmed it. Written by Outbox alone, which locks the
-- order of a row until its transaction ends. lane: 0 to 63, or -1 without an order. order_id: SHA-256 of what keeps an
-- order. kind: Q queue, T topic. ordering: K per key, T total, U unordered. envelope: id, key and headers as they are.
CREATE TABLE IF NOT EXISTS anymq_outbox (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane SMALLINT NOT NULL,
    order_id BYTEA NOT NULL,
    kind VARCHAR(1) NOT NULL,
    destination VARCHAR(64) NOT NULL,
    ordering VARCHAR(1) NOT NULL,
    message_id VARCHAR(256) NOT NULL,
    message_key VARCHAR(256),
    content_type VARCHAR(128) NOT NULL,
    envelope BYTEA NOT NULL,
    body BYTEA NOT NULL,
    delay_millis BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS anymq_outbox_in_lane ON anymq_outbox (lane, seq);

-- Which relay sends what is in a lane, until when, and how often that has changed (fence).
CREATE TABLE IF NOT EXISTS anymq_outbox_lane (
    lane SMALLINT NOT NULL PRIMARY KEY,
    owner VARCHAR(64) NOT NULL,
    fence BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

INSERT INTO anymq_outbox_lane (lane, owner, fence, ends_at)
SELECT n, '', 0, 0 FROM generate_series(0, 63) AS n ON CONFLICT DO NOTHING;

-- The relays that are alive.
CREATE TABLE IF NOT EXISTS anymq_outbox_relay (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    ends_at BIGINT NOT NULL
);

-- Orders that wait because the broker refused a row of theirs: seq, for the reason in error and detail.
CREATE TABLE IF NOT EXISTS anymq_outbox_stopped (
    order_id BYTEA NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    error VARCHAR(64) NOT NULL,
    detail VARCHAR(512) NOT NULL,
    attempts INTEGER NOT NULL,
    since BIGINT NOT NULL,
    retry_at BIGINT NOT NULL
);

-- For tools that read an outbox with the columns of an event router.
CREATE OR REPLACE VIEW anymq_outbox_events AS
SELECT message_id AS id, destination AS aggregatetype, COALESCE(message_key, message_id) AS aggregateid,
content_type AS type, body AS payload, seq, created_at
FROM anymq_outbox;

INSERT INTO anymq_schema (component, version)
SELECT 'outbox', 1 WHERE NOT EXISTS (SELECT 1 FROM anymq_schema WHERE component = 'outbox');
