-- The log of what operators and auditors did is read newest first; beside the agencies' entries these are few.
CREATE INDEX audit_operations ON audit (at) WHERE operation >= 20 AND operation < 30;
