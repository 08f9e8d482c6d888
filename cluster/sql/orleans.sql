-- What Orleans keeps in PostgreSQL for the cluster edition: membership, reminders, and snapshots that can be derived anew.
-- None of it is the record: that is the ledger's, in tables of its own, and nothing here touches them.
--
-- Written to the contract of Orleans 10.4.2's ADO.NET providers: they read OrleansQuery (that name is theirs) once at start, and then
-- send nothing but the texts that they found, with parameters of these names and types; they read the answers by column name.
-- A text may be changed freely as long as names and types stay. Strings come as text, times as timestamptz, numbers as integer
-- unless said; a null is typed. Every query is one statement, so that it is one transaction.
--
-- To be run as a whole in one transaction (psql -1 -f orleans.sql); the silo does so at each start. It may be run again at any time,
-- also under load and by several at once: the lock in the first line lets one in at a time, since IF NOT EXISTS alone does not.

SELECT pg_advisory_xact_lock(1684236143);  -- "dcgo" as a number; the ledger's migrations have a key of their own

CREATE TABLE IF NOT EXISTS OrleansQuery (
    QueryKey  text NOT NULL PRIMARY KEY,
    QueryText text NOT NULL
);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Membership: one version a cluster, one row a start of a silo. Every change of a row's status goes with version + 1, or not at all.
-- That a silo is alive is told without a new version.

CREATE TABLE IF NOT EXISTS OrleansMembershipVersion (
    cluster_id text        COLLATE "C" NOT NULL PRIMARY KEY,
    version    integer     NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS OrleansMembership (
    cluster_id    text        COLLATE "C" NOT NULL REFERENCES OrleansMembershipVersion ON DELETE CASCADE,
    address       text        COLLATE "C" NOT NULL,
    port          integer     NOT NULL,
    generation    integer     NOT NULL,
    silo_name     text        NOT NULL,
    host_name     text        NOT NULL,
    status        integer     NOT NULL,
    proxy_port    integer     NOT NULL,
    suspect_times text,
    start_time    timestamptz NOT NULL,
    alive_time    timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Reminders. A silo reads those of its part of the ring again and again, by the grain's hash: without an index on it each silo would
-- read the whole table each time (dotnet/orleans issue 947).

CREATE TABLE IF NOT EXISTS OrleansReminder (
    service_id    text        COLLATE "C" NOT NULL,
    grain_id      text        COLLATE "C" NOT NULL,
    reminder_name text        COLLATE "C" NOT NULL,
    start_time    timestamptz NOT NULL,
    period_ms     bigint      NOT NULL,
    grain_hash    integer     NOT NULL,
    version       integer     NOT NULL,
    PRIMARY KEY (service_id, grain_id, reminder_name)
);

CREATE INDEX IF NOT EXISTS OrleansReminder_by_hash ON OrleansReminder (service_id, grain_hash);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Storage. A grain is named by its service, its type, two numbers and a text that may be absent. The providers send hashes of the type
-- and of the key as well; two grains can share them, so they identify nothing, and they are not kept. The key is over the whole
-- identity: of two first writes the second meets the first one's row, and is told so. (An index over hashes alone cannot refuse it:
-- dotnet/orleans issue 2745.) An absent text is kept as '', any other with a '+' before it, so that none is null: a null equals nothing
-- in a key. The same key finds a row for reading.

CREATE TABLE IF NOT EXISTS OrleansStorage (
    key_text    text        COLLATE "C" NOT NULL,
    key_n1      bigint      NOT NULL,
    key_n0      bigint      NOT NULL,
    grain_type  text        COLLATE "C" NOT NULL,
    service_id  text        COLLATE "C" NOT NULL,
    version     integer     NOT NULL,
    payload     bytea,                    -- null once cleared; the version stays
    modified_at timestamptz NOT NULL,
    PRIMARY KEY (key_text, key_n1, key_n0, grain_type, service_id)
);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- The queries. $q$ quotes one text.

INSERT INTO OrleansQuery AS known (QueryKey, QueryText) VALUES

-- @DeploymentId. One boolean: whether the cluster's version was made now.
('InsertMembershipVersionKey', $q$
WITH made AS (
    INSERT INTO OrleansMembershipVersion (cluster_id) VALUES (@DeploymentId)
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT EXISTS (SELECT FROM made)
$q$),

-- @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime, @Version.
-- One boolean. Who inserts first at a version takes it; the other waits for the version's row and then finds it changed.
('InsertMembershipKey', $q$
WITH next AS (
    UPDATE OrleansMembershipVersion
    SET version = version + 1, changed_at = now()
    WHERE cluster_id = @DeploymentId
        AND version = @Version
        AND NOT EXISTS (
            SELECT FROM OrleansMembership
            WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING cluster_id
),
added AS (
    INSERT INTO OrleansMembership (
        cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
    SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM next
    RETURNING 1
)
SELECT EXISTS (SELECT FROM added)
$q$),

-- @DeploymentId, @Address, @Port, @Generation, @Status, @SuspectTimes (may be null), @IAmAliveTime, @Version. One boolean.
-- The silo's row is locked first, so that the version does not move for a row that a clean-up takes away meanwhile.
('UpdateMembershipKey', $q$
WITH silo AS (
    SELECT cluster_id FROM OrleansMembership
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
    FOR NO KEY UPDATE
),
next AS (
    UPDATE OrleansMembershipVersion AS v
    SET version = v.version + 1, changed_at = now()
    FROM silo
    WHERE v.cluster_id = silo.cluster_id AND v.version = @Version
    RETURNING v.cluster_id
),
changed AS (
    UPDATE OrleansMembership AS m
    SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
    FROM next
    WHERE m.cluster_id = next.cluster_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    RETURNING 1
)
SELECT EXISTS (SELECT FROM changed)
$q$),

-- @DeploymentId, @Address, @Port, @Generation, @IAmAliveTime. No answer.
('UpdateIAmAlivetimeKey', $q$
UPDATE OrleansMembership
SET alive_time = @IAmAliveTime
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$q$),

-- @DeploymentId, @Address, @Port, @Generation. Always a row with the version; the silo's columns are null where there is none.
('MembershipReadRowKey', $q$
SELECT v.cluster_id AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
    m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes,
    m.start_time AS StartTime, m.alive_time AS IAmAliveTime, v.version AS Version
FROM OrleansMembershipVersion v
LEFT JOIN OrleansMembership m
    ON m.cluster_id = v.cluster_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
WHERE v.cluster_id = @DeploymentId
$q$),

-- @DeploymentId. As above, of all silos.
('MembershipReadAllKey', $q$
SELECT v.cluster_id AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
    m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes,
    m.start_time AS StartTime, m.alive_time AS IAmAliveTime, v.version AS Version
FROM OrleansMembershipVersion v
LEFT JOIN OrleansMembership m ON m.cluster_id = v.cluster_id
WHERE v.cluster_id = @DeploymentId
$q$),

-- @DeploymentId, @Status. Only Orleans' clients ask, and this cluster has none; the providers refuse to start without it.
('GatewaysQueryKey', $q$
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
FROM OrleansMembership
WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0
$q$),

-- @DeploymentId. No answer. The silos' rows go with their version.
('DeleteMembershipTableEntriesKey', $q$
DELETE FROM OrleansMembershipVersion WHERE cluster_id = @DeploymentId
$q$),

-- @DeploymentId, @IAmAliveTime. No answer. What neither is active (3) nor gave a sign of life since then; a row that was started
-- later is kept whatever its sign of life says.
('CleanupDefunctSiloEntriesKey', $q$
DELETE FROM OrleansMembership
WHERE cluster_id = @DeploymentId AND status <> 3 AND alive_time < @IAmAliveTime AND start_time < @IAmAliveTime
$q$),

-- @DeploymentId, @Address, @Port, @Generation, @StartTime, @IAmAliveTime, @SuspectTimes (may be null). No answer. In place of the one
-- above where the provider knows it: one dead (6) silo's row, if nothing of it has changed since the provider read it.
('CleanupDefunctSiloEntryKey', $q$
DELETE FROM OrleansMembership
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND status = 6
    AND start_time = @StartTime AND alive_time = @IAmAliveTime AND suspect_times IS NOT DISTINCT FROM @SuspectTimes
$q$),

-- @ServiceId, @GrainId, @ReminderName, @StartTime, @Period (integer or bigint), @GrainHash. One row: Version.
('UpsertReminderRowKey', $q$
INSERT INTO OrleansReminder AS kept (service_id, grain_id, reminder_name, start_time, period_ms, grain_hash, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
SET start_time = excluded.start_time, period_ms = excluded.period_ms, grain_hash = excluded.grain_hash, version = kept.version + 1
RETURNING version AS Version
$q$),

-- @ServiceId, @GrainId.
('ReadReminderRowsKey', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version
FROM OrleansReminder
WHERE service_id = @ServiceId AND grain_id = @GrainId
$q$),

-- @ServiceId, @GrainId, @ReminderName.
('ReadReminderRowKey', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version
FROM OrleansReminder
WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName
$q$),

-- @ServiceId, @BeginHash, @EndHash, where begin < end as signed numbers: after begin, up to and with end.
('ReadRangeRows1Key', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version
FROM OrleansReminder
WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$q$),

-- The same where begin >= end: the range that wraps around the ring's end; all of it where they are equal.
('ReadRangeRows2Key', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version
FROM OrleansReminder
WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$q$),

-- @ServiceId, @GrainId, @ReminderName, @Version. One boolean.
('DeleteReminderRowKey', $q$
WITH deleted AS (
    DELETE FROM OrleansReminder
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName AND version = @Version
    RETURNING 1
)
SELECT EXISTS (SELECT FROM deleted)
$q$),

-- @ServiceId. No answer.
('DeleteReminderRowsKey', $q$
DELETE FROM OrleansReminder WHERE service_id = @ServiceId
$q$),

-- @GrainIdHash, @GrainIdN0 (bigint), @GrainIdN1 (bigint), @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString (may be null),
-- @ServiceId, @GrainStateVersion (null: never read or written), @PayloadBinary. A row with NewGrainStateVersion where it was written,
-- none where the version is another: the provider then throws its inconsistent-state error. A first write that meets another's waits
-- for it at the key. Either arm can write, never both.
('WriteToStorageKey', $q$
WITH changed AS (
    UPDATE OrleansStorage
    SET payload = @PayloadBinary, modified_at = now(), version = version + 1
    WHERE key_text = coalesce('+' || @GrainIdExtensionString, '') AND key_n1 = @GrainIdN1 AND key_n0 = @GrainIdN0
        AND grain_type = @GrainTypeString AND service_id = @ServiceId
        AND version = @GrainStateVersion
    RETURNING version
),
added AS (
    INSERT INTO OrleansStorage (key_text, key_n1, key_n0, grain_type, service_id, version, payload, modified_at)
    SELECT coalesce('+' || @GrainIdExtensionString, ''), @GrainIdN1, @GrainIdN0, @GrainTypeString, @ServiceId, 1, @PayloadBinary, now()
    WHERE @GrainStateVersion IS NULL
    ON CONFLICT DO NOTHING
    RETURNING version
)
SELECT version AS NewGrainStateVersion FROM changed
UNION ALL
SELECT version FROM added
$q$),

-- The grain's parameters as above. PayloadBinary and Version, or no row.
('ReadFromStorageKey', $q$
SELECT payload AS PayloadBinary, version AS Version
FROM OrleansStorage
WHERE key_text = coalesce('+' || @GrainIdExtensionString, '') AND key_n1 = @GrainIdN1 AND key_n0 = @GrainIdN0
    AND grain_type = @GrainTypeString AND service_id = @ServiceId
$q$),

-- The grain's parameters and @GrainStateVersion. The new version, or no row where it is another.
('ClearStorageKey', $q$
UPDATE OrleansStorage
SET payload = NULL, modified_at = now(), version = version + 1
WHERE key_text = coalesce('+' || @GrainIdExtensionString, '') AND key_n1 = @GrainIdN1 AND key_n0 = @GrainIdN0
    AND grain_type = @GrainTypeString AND service_id = @ServiceId
    AND version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion
$q$),

-- The same, and the row goes. The provider takes any other version than its own for "done".
('DeleteStorageKey', $q$
DELETE FROM OrleansStorage
WHERE key_text = coalesce('+' || @GrainIdExtensionString, '') AND key_n1 = @GrainIdN1 AND key_n0 = @GrainIdN0
    AND grain_type = @GrainTypeString AND service_id = @ServiceId
    AND version = @GrainStateVersion
RETURNING version + 1 AS NewGrainStateVersion
$q$)

ON CONFLICT (QueryKey) DO UPDATE
SET QueryText = excluded.QueryText
WHERE known.QueryText IS DISTINCT FROM excluded.QueryText;
