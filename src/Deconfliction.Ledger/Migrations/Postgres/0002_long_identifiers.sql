-- Identifiers with many claims are not read whole: from a snapshot, and from here what has changed since.

ALTER TABLE claim ADD COLUMN version bigint NOT NULL DEFAULT 0; -- the identifier's version at the claim's last change

-- The live ones of an identifier, and those of any kind that changed after a version.
DROP INDEX claim_live;
CREATE INDEX claim_of_identifier ON claim (identifier_id, end_reason, version);

-- Derivable, and so in no backup. A mixture of two versions, or of parts of one, is told by its checksum.
CREATE TABLE snapshot (
  tag bytea NOT NULL,
  part integer NOT NULL,             -- from 0
  parts integer NOT NULL,
  version bigint NOT NULL,           -- the identifier's version that it covers
  earliest_end timestamptz NOT NULL, -- of no use once claims that ended before this are purged
  data bytea NOT NULL,
  PRIMARY KEY (tag, part)
);

-- Compressing it would take longer than reading it.
ALTER TABLE snapshot ALTER COLUMN data SET STORAGE EXTERNAL;

-- One row. A restored store has a history of its own: snapshots of another one are not used.
CREATE TABLE ledger_history (
  one integer NOT NULL PRIMARY KEY CHECK (one = 1),
  history uuid NOT NULL,
  purged_before timestamptz NOT NULL -- claims that ended before this may have been purged
) WITH (fillfactor = 50);

INSERT INTO ledger_history (one, history, purged_before) VALUES (1, gen_random_uuid(), '0001-01-01 00:00:00+00');
