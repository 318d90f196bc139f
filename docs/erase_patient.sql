-- Erases one patient of one tenant: every episode with its plans, assessments, decisions, due items and answers kept for
-- retries. Events of the audit stay: they hold ids and who acted, no facts. Run it as the owner of the tables:
--   psql "$DATABASE_URL" --set=tenant=TENANT --set=patient=REFERENCE --file=docs/erase_patient.sql
\set ON_ERROR_STOP on
BEGIN;
SET LOCAL lock_timeout = '5s';
SELECT set_config('app.tenant_id', :'tenant', true); -- row-level security binds the owner too
CREATE TEMPORARY TABLE erased ON COMMIT DROP AS
    SELECT tenant_id, id AS episode_id FROM episodes WHERE tenant_id = :'tenant' AND patient_reference = :'patient' FOR UPDATE;
DELETE FROM idempotency_keys WHERE (tenant_id, episode_id) IN (SELECT tenant_id, episode_id FROM erased);
DELETE FROM due_items WHERE (tenant_id, episode_id) IN (SELECT tenant_id, episode_id FROM erased);
-- They refuse to be changed; lifted for this transaction, which holds up other writers to them until it ends.
ALTER TABLE accepted_plans DISABLE TRIGGER accepted_plans_append_only;
ALTER TABLE decisions DISABLE TRIGGER decisions_append_only;
ALTER TABLE assessments DISABLE TRIGGER assessments_append_only;
UPDATE plans SET accepted_by = NULL WHERE (tenant_id, episode_id) IN (SELECT tenant_id, episode_id FROM erased);
DELETE FROM accepted_plans WHERE (tenant_id, plan_id) IN
    (SELECT tenant_id, id FROM plans WHERE (tenant_id, episode_id) IN (SELECT tenant_id, episode_id FROM erased));
DELETE FROM decisions WHERE (tenant_id, episode_id) IN (SELECT tenant_id, episode_id FROM erased);
DELETE FROM assessments WHERE (tenant_id, episode_id) IN (SELECT tenant_id, episode_id FROM erased);
DELETE FROM plan_citations WHERE (tenant_id, plan_id) IN
    (SELECT tenant_id, id FROM plans WHERE (tenant_id, episode_id) IN (SELECT tenant_id, episode_id FROM erased));
DELETE FROM plans WHERE (tenant_id, episode_id) IN (SELECT tenant_id, episode_id FROM erased);
DELETE FROM episodes WHERE (tenant_id, id) IN (SELECT tenant_id, episode_id FROM erased);
ALTER TABLE accepted_plans ENABLE TRIGGER accepted_plans_append_only;
ALTER TABLE decisions ENABLE TRIGGER decisions_append_only;
ALTER TABLE assessments ENABLE TRIGGER assessments_append_only;
COMMIT;
