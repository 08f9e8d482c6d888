-- Ids are UUIDs of 16 bytes, big-endian, so that their order is the order of time. Times are whole microseconds since the
-- start of the year 1 (UTC). Numbers of enumerations are those of the domain. Records refer to identifier.id, never to the tag
-- (but for the audit, which outlives them). No identifier in clear, and no contact outside claim.sealed, is anywhere.

CREATE TABLE identifier (
  id BLOB NOT NULL PRIMARY KEY,
  tag BLOB NOT NULL UNIQUE,
  key_id INTEGER NOT NULL,
  version INTEGER NOT NULL,          -- never reused: the row stays when its claims are purged
  hazard TEXT,
  crowd INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
  id BLOB NOT NULL PRIMARY KEY,
  identifier_id BLOB NOT NULL,
  agency TEXT NOT NULL,
  role INTEGER NOT NULL,
  case_ref TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  priority INTEGER NOT NULL,
  handling INTEGER NOT NULL,
  disclosure INTEGER NOT NULL,
  window_from INTEGER,
  window_until INTEGER,
  window_tolerance INTEGER,          -- microseconds
  port INTEGER,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  end_reason INTEGER NOT NULL,       -- 0: live
  revision INTEGER NOT NULL,
  rule_version INTEGER NOT NULL,
  held INTEGER NOT NULL,
  expiry_announced INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX claim_live ON claim (identifier_id, id) WHERE end_reason = 0;
CREATE INDEX claim_due ON claim (expiry_announced, expires_at) WHERE end_reason = 0;
CREATE INDEX claim_ended ON claim (ended_at) WHERE end_reason <> 0;
CREATE INDEX claim_by_agency ON claim (agency, id);
CREATE INDEX claim_by_case ON claim (agency, case_ref, id);

CREATE TABLE overlap (
  id BLOB NOT NULL PRIMARY KEY,
  identifier_id BLOB NOT NULL,
  claim_a BLOB NOT NULL,
  claim_b BLOB NOT NULL,
  agency_a TEXT NOT NULL,
  agency_b TEXT NOT NULL,
  raised_a INTEGER NOT NULL,
  raised_b INTEGER NOT NULL,
  contact_given_a INTEGER NOT NULL,
  contact_given_b INTEGER NOT NULL,
  acknowledged_at_a INTEGER,
  acknowledged_at_b INTEGER,
  strength INTEGER NOT NULL,
  window_assumed INTEGER NOT NULL,
  found_at INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  resolved_at INTEGER
) STRICT, WITHOUT ROWID;

-- A pair exists once, in either order.
CREATE UNIQUE INDEX overlap_pair ON overlap (min(claim_a, claim_b), max(claim_a, claim_b));
CREATE INDEX overlap_by_agency_a ON overlap (agency_a, id);
CREATE INDEX overlap_by_agency_b ON overlap (agency_b, id);
CREATE INDEX overlap_by_claim_a ON overlap (claim_a, id);
CREATE INDEX overlap_by_claim_b ON overlap (claim_b, id);

CREATE TABLE alert (
  id BLOB NOT NULL PRIMARY KEY,
  to_agency TEXT NOT NULL,
  position INTEGER,                  -- nothing until the agency's actor numbers it
  kind INTEGER NOT NULL,
  claim_id BLOB,
  overlap_id BLOB,
  visibility INTEGER NOT NULL,
  from_agency TEXT,
  from_claim_id BLOB,
  from_case TEXT,
  note TEXT,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX alert_position ON alert (to_agency, position) WHERE position IS NOT NULL;
CREATE INDEX alert_unnumbered ON alert (to_agency, id) WHERE position IS NULL;

CREATE TABLE feed (
  agency TEXT NOT NULL PRIMARY KEY,
  acknowledged INTEGER NOT NULL,
  head INTEGER NOT NULL,             -- positions are never reused, purged or not
  oldest_kept INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agency (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  role INTEGER NOT NULL,
  contact TEXT NOT NULL,
  revoked INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE certificate (
  agency TEXT NOT NULL,
  serial TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  revoked INTEGER NOT NULL,
  expiry_announced INTEGER NOT NULL,
  PRIMARY KEY (agency, serial)
) STRICT, WITHOUT ROWID;

-- The record of operations and of request ids in one: what was recorded was done, once.
CREATE TABLE audit (
  writer INTEGER NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  agency TEXT NOT NULL,
  certificate TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  operation INTEGER NOT NULL,
  tag BLOB,
  case_ref TEXT,
  purpose TEXT,
  request_id BLOB,
  payload_hash BLOB NOT NULL,
  subjects BLOB NOT NULL,            -- AuditBlobs
  result TEXT NOT NULL,
  disclosures BLOB NOT NULL,         -- AuditBlobs
  hash BLOB NOT NULL,
  PRIMARY KEY (writer, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX audit_request ON audit (agency, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX audit_by_time ON audit (at, writer, number);
CREATE INDEX audit_by_agency ON audit (agency, at, writer, number);
CREATE INDEX audit_by_case ON audit (case_ref, at, writer, number) WHERE case_ref IS NOT NULL;

-- The ends of each chain, sealed under the audit key. Writers are numbered from 1 without gaps and never removed.
CREATE TABLE audit_writer (
  writer INTEGER NOT NULL PRIMARY KEY,
  opened_at INTEGER NOT NULL,
  holder TEXT NOT NULL,
  base_number INTEGER NOT NULL,      -- the last entry purged
  base_hash BLOB NOT NULL,
  base_seal BLOB NOT NULL,
  head_number INTEGER NOT NULL,      -- the last entry
  head_hash BLOB NOT NULL,
  head_seal BLOB NOT NULL,
  place_seal BLOB NOT NULL           -- the last chain, or followed by another: a chain taken away at the end shows
) STRICT;

CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
