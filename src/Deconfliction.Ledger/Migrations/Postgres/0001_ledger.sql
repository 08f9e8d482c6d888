-- The same tables as Migrations/Sqlite. Numbers of enumerations are those of the domain. Records refer to identifier.id, never to
-- the tag (but for the audit, which outlives them). No identifier in clear, and no contact outside claim.sealed, is anywhere.
-- Texts are compared by their bytes (COLLATE "C"): an index must not change with the system's locale.
-- There are no foreign keys: an identifier's version fences what refers to it, and a check of each row would cost as much as the row.

CREATE TABLE identifier (
  id uuid NOT NULL PRIMARY KEY,
  tag bytea NOT NULL,
  key_id integer NOT NULL,
  version bigint NOT NULL,           -- never reused: the row stays when its claims are purged
  hazard text COLLATE "C",
  crowd boolean NOT NULL
) WITH (fillfactor = 85);            -- room for the next version on the same page: then no index is touched

CREATE UNIQUE INDEX identifier_tag ON identifier (tag);

CREATE TABLE claim (
  id uuid NOT NULL PRIMARY KEY,
  identifier_id uuid NOT NULL,
  window_from timestamptz,
  window_until timestamptz,
  window_tolerance bigint,           -- microseconds
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  port integer,
  revision integer NOT NULL,
  rule_version integer NOT NULL,
  role smallint NOT NULL,
  priority smallint NOT NULL,
  handling smallint NOT NULL,
  disclosure smallint NOT NULL,
  end_reason smallint NOT NULL,      -- 0: live
  held boolean NOT NULL,
  expiry_announced boolean NOT NULL,
  agency text COLLATE "C" NOT NULL,
  case_ref text COLLATE "C" NOT NULL,
  requested_by text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL
);

-- Compressing what is encrypted is wasted work.
ALTER TABLE claim ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE INDEX claim_live ON claim (identifier_id) WHERE end_reason = 0;
CREATE INDEX claim_due ON claim (expiry_announced, expires_at) WHERE end_reason = 0;
CREATE INDEX claim_ended ON claim (ended_at) WHERE end_reason <> 0;
-- A case has many claims, so this key repeats and is stored once: a big case is listed along claim_by_agency instead.
CREATE INDEX claim_by_case ON claim (agency, case_ref);
CREATE INDEX claim_by_agency ON claim (agency, id);

CREATE TABLE overlap (
  id uuid NOT NULL PRIMARY KEY,
  identifier_id uuid NOT NULL,
  claim_a uuid NOT NULL,
  claim_b uuid NOT NULL,
  acknowledged_at_a timestamptz,
  acknowledged_at_b timestamptz,
  found_at timestamptz NOT NULL,
  resolved_at timestamptz,
  strength smallint NOT NULL,
  outcome smallint NOT NULL,
  window_assumed boolean NOT NULL,
  raised_a boolean NOT NULL,
  raised_b boolean NOT NULL,
  contact_given_a boolean NOT NULL,
  contact_given_b boolean NOT NULL,
  agency_a text COLLATE "C" NOT NULL,
  agency_b text COLLATE "C" NOT NULL
);

-- A pair exists once, in either order.
CREATE UNIQUE INDEX overlap_pair ON overlap (LEAST(claim_a, claim_b), GREATEST(claim_a, claim_b));
CREATE INDEX overlap_by_agency_a ON overlap (agency_a, id);
CREATE INDEX overlap_by_agency_b ON overlap (agency_b, id);
CREATE INDEX overlap_by_claim_a ON overlap (claim_a, id);
CREATE INDEX overlap_by_claim_b ON overlap (claim_b, id);

CREATE TABLE alert (
  id uuid NOT NULL PRIMARY KEY,
  position bigint,                   -- nothing until the agency's actor numbers it
  created_at timestamptz NOT NULL,
  claim_id uuid,
  overlap_id uuid,
  from_claim_id uuid,
  kind smallint NOT NULL,
  visibility smallint NOT NULL,
  to_agency text COLLATE "C" NOT NULL,
  from_agency text COLLATE "C",
  from_case text COLLATE "C",
  note text COLLATE "C"
);

CREATE UNIQUE INDEX alert_position ON alert (to_agency, position) WHERE position IS NOT NULL;
CREATE INDEX alert_unnumbered ON alert (to_agency, id) WHERE position IS NULL;

CREATE TABLE feed (
  agency text COLLATE "C" NOT NULL PRIMARY KEY,
  acknowledged bigint NOT NULL,
  head bigint NOT NULL,              -- positions are never reused, purged or not
  oldest_kept bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE agency (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  role smallint NOT NULL,
  contact text COLLATE "C" NOT NULL,
  revoked boolean NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE certificate (
  agency text COLLATE "C" NOT NULL,
  serial text COLLATE "C" NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  revoked boolean NOT NULL,
  expiry_announced boolean NOT NULL,
  PRIMARY KEY (agency, serial)
);

-- The record of operations and of request ids in one: what was recorded was done, once.
CREATE TABLE audit (
  writer bigint NOT NULL,
  number bigint NOT NULL,
  at timestamptz NOT NULL,
  request_id uuid,
  operation smallint NOT NULL,
  agency text COLLATE "C" NOT NULL,
  certificate text COLLATE "C" NOT NULL,
  requested_by text COLLATE "C" NOT NULL,
  tag bytea,
  case_ref text COLLATE "C",
  purpose text COLLATE "C",
  payload_hash bytea NOT NULL,
  subjects bytea NOT NULL,           -- AuditBlobs
  result text COLLATE "C" NOT NULL,
  disclosures bytea NOT NULL,        -- AuditBlobs
  hash bytea NOT NULL,
  PRIMARY KEY (writer, number)
);

CREATE UNIQUE INDEX audit_request ON audit (agency, request_id) WHERE request_id IS NOT NULL;

-- A group's entries have one time, so these keys repeat and are stored once (deduplication): the few entries of an instant are
-- sorted when they are read. There is none by agency: a page of an agency's entries is found along the time.
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_case ON audit (case_ref, at) WHERE case_ref IS NOT NULL;

-- The ends of each chain, sealed under the audit key. Writers are numbered from 1 without gaps and never removed.
CREATE TABLE audit_writer (
  writer bigint NOT NULL PRIMARY KEY,
  opened_at timestamptz NOT NULL,
  holder text COLLATE "C" NOT NULL,
  base_number bigint NOT NULL,       -- the last entry purged
  base_hash bytea NOT NULL,
  base_seal bytea NOT NULL,
  head_number bigint NOT NULL,       -- the last entry
  head_hash bytea NOT NULL,
  head_seal bytea NOT NULL,
  place_seal bytea NOT NULL          -- the last chain, or followed by another: a chain taken away at the end shows
) WITH (fillfactor = 50);

CREATE TABLE setting (
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  value text COLLATE "C" NOT NULL
);
