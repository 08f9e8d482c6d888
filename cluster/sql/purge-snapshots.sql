-- Removes snapshots that nobody may use any more: those written before @EndedBefore, up to which the ledger has purged the claims that
-- ended. A snapshot holds what was live when it was written, so that one as old as that may hold a claim that is purged; readers ignore it,
-- and here it goes, with the tag that it is kept under. The silo runs this with each of the ledger's purges until nothing is left to remove.
--
-- @ServiceId, @EndedBefore (timestamptz), @Limit: rows at once, each a piece of 1 MB at most. What two remove at once is skipped by the
-- second. The table is small beside its payloads, which lie apart from it: no index.

DELETE FROM OrleansStorage
WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM OrleansStorage
    WHERE service_id = @ServiceId AND grain_type LIKE 'snapshot-%' AND modified_at < @EndedBefore
    LIMIT @Limit
    FOR UPDATE SKIP LOCKED))
