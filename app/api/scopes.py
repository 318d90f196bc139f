"""The scopes of the contract: what a token may allow."""

EPISODES_READ = "episodes:read"
EPISODES_WRITE = "episodes:write"
PLANS_READ = "plans:read"
PLANS_DECIDE = "plans:decide"
KNOWLEDGE_READ = "knowledge:read"
AUDIT_READ = "audit:read"
OPS_READ = "ops:read"

ALL_SCOPES = (EPISODES_READ, EPISODES_WRITE, PLANS_READ, PLANS_DECIDE, KNOWLEDGE_READ, AUDIT_READ, OPS_READ)
