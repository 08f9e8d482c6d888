-- Identifiers with many claims are not read whole: from a snapshot, and from here what has changed since.

ALTER TABLE claim ADD COLUMN version INTEGER NOT NULL DEFAULT 0; -- the identifier's version at the claim's last change

-- The live ones of an identifier, and those of any kind that changed after a version.
DROP INDEX claim_live;
CREATE INDEX claim_of_identifier ON claim (identifier_id, end_reason, version);

-- Derivable, and so in no backup. In parts, each written by itself, so that nothing else waits long for the store; a mixture of two
-- versions, or of parts of one, is told by its checksum.
CREATE TABLE snapshot (
  tag BLOB NOT NULL,
  part INTEGER NOT NULL,             -- from 0
  parts INTEGER NOT NULL,
  version INTEGER NOT NULL,          -- the identifier's version that it covers
  earliest_end INTEGER NOT NULL,     -- of no use once claims that ended before this are purged
  data BLOB NOT NULL,
  PRIMARY KEY (tag, part)
) STRICT;

-- One row. A restored store has a history of its own: snapshots of another one are not used.
CREATE TABLE ledger_history (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  history BLOB NOT NULL,
  purged_before INTEGER NOT NULL     -- claims that ended before this may have been purged
) STRICT;

INSERT INTO ledger_history (one, history, purged_before) VALUES (1, randomblob(16), 0);
