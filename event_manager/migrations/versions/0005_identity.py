"""Users, memberships, sessions, keys; the one function that authenticates a request."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from event_manager.kit.migrate import TENANT, definer, protect, roles_here, share

revision = "0005_identity"
down_revision = "0004_jobs"
branch_labels = None
depends_on = None

ME = "nullif(current_setting('app.user_id', true), '')::uuid"
ROLES = "role IN ('ADMIN', 'ORGANIZER', 'BOARD', 'TALLY_MASTER', 'AUDITOR', 'JUDGE', 'EMCEE', 'CONTESTANT')"
TABLES = (
    "api_keys", "invitations", "role_grants", "memberships",
    "sign_in_attempts", "password_resets", "sessions", "recovery_codes", "credentials", "users",
)  # fmt: skip

# Sessions first, then API keys. The tenant is the wanted one, else the one last chosen, else the only one; a tenant
# without active membership gives no tenant and so no rights, exactly like a tenant that does not exist.
AUTHENTICATE = """
CREATE FUNCTION identity_authenticate(p_hash bytea, p_slug text, p_tenant uuid, p_at timestamptz)
RETURNS TABLE (kind text, user_id uuid, api_key_id uuid, session_id uuid, name text, platform_role text,
               tenant_id uuid, grants jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
#variable_conflict use_column
DECLARE
  s record;
  mine uuid[];
  here uuid;
BEGIN
  SELECT x.id, x.user_id, x.tenant_id AS chosen, x.last_used_at, u.name, u.platform_role INTO s
    FROM sessions x JOIN users u ON u.id = x.user_id
   WHERE x.token_hash = p_hash AND x.stage = 'full' AND x.revoked_at IS NULL AND x.expires_at > p_at
     AND u.disabled_at IS NULL;
  IF FOUND THEN
    SELECT array_agg(t.id) INTO mine
      FROM memberships m JOIN tenants t ON t.id = m.tenant_id
     WHERE m.user_id = s.user_id AND m.status = 'active' AND t.status = 'active'
       AND (p_slug IS NULL OR t.slug = p_slug) AND (p_tenant IS NULL OR t.id = p_tenant);
    here := CASE WHEN p_slug IS NULL AND p_tenant IS NULL AND s.chosen = ANY (mine) THEN s.chosen
                 WHEN cardinality(mine) = 1 THEN mine[1] END;
    IF s.last_used_at < p_at - interval '5 minutes' THEN
      UPDATE sessions x SET last_used_at = p_at, expires_at = p_at + (x.expires_at - x.last_used_at) WHERE x.id = s.id;
    END IF;
    RETURN QUERY SELECT 'user', s.user_id, NULL::uuid, s.id, s.name, s.platform_role, here,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'scopeId', g.scope_id)), '[]')
         FROM role_grants g WHERE g.tenant_id = here AND g.user_id = s.user_id);
    RETURN;
  END IF;
  SELECT k.id, k.tenant_id, k.name, k.role, k.permissions, k.last_used_at INTO s
    FROM api_keys k JOIN tenants t ON t.id = k.tenant_id
    JOIN memberships m ON m.tenant_id = k.tenant_id AND m.user_id = k.created_by
    JOIN users u ON u.id = k.created_by
   WHERE k.token_hash = p_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > p_at)
     AND t.status = 'active' AND m.status = 'active' AND u.disabled_at IS NULL
     AND (p_slug IS NULL OR t.slug = p_slug) AND (p_tenant IS NULL OR t.id = p_tenant);
  IF FOUND THEN
    IF s.last_used_at IS NULL OR s.last_used_at < p_at - interval '5 minutes' THEN
      UPDATE api_keys k SET last_used_at = p_at WHERE k.tenant_id = s.tenant_id AND k.id = s.id;
    END IF;
    RETURN QUERY SELECT 'api_key', NULL::uuid, s.id, NULL::uuid, s.name, NULL::text, s.tenant_id,
      jsonb_build_array(jsonb_build_object('role', s.role, 'scopeId', NULL, 'permissions', s.permissions));
  END IF;
END $fn$
"""
# The tenants of the person whose request this is, for the switcher; tenants and memberships of others stay unseen.
MY_TENANTS = """
CREATE FUNCTION identity_my_tenants()
RETURNS TABLE (id uuid, slug text, name text, timezone text, locale text, roles jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
  SELECT t.id, t.slug, t.name, t.timezone, t.locale,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'scopeKind', g.scope_kind, 'scopeId', g.scope_id)
                                    ORDER BY g.role, g.scope_id), '[]')
            FROM role_grants g WHERE g.tenant_id = t.id AND g.user_id = m.user_id)
    FROM memberships m JOIN tenants t ON t.id = m.tenant_id
   WHERE m.user_id = nullif(current_setting('app.user_id', true), '')::uuid
     AND m.status = 'active' AND t.status = 'active'
   ORDER BY t.name, t.id
$fn$
"""


def upgrade() -> None:
    accounts()
    memberships()
    tokens()
    row_security()
    op.execute(AUTHENTICATE)
    definer("identity_authenticate(bytea, text, uuid, timestamptz)")
    op.execute(MY_TENANTS)
    definer("identity_my_tenants()")


def accounts() -> None:
    """Tables of the installation."""
    op.create_table(
        "users", _id(),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("platform_role", sa.Text()),
        _time("disabled_at"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _created(),
        sa.PrimaryKeyConstraint("id", name="users_pk"),
        sa.CheckConstraint("platform_role IN ('SUPER_ADMIN')", name="users_platform_role_check"),
    )  # fmt: skip
    op.create_index("users_email_key", "users", [sa.text("lower(email)")], unique=True)
    op.create_table(
        "credentials",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("totp_secret", sa.LargeBinary()),
        _time("totp_enabled_at"),
        sa.Column("totp_last_counter", sa.Integer()),
        sa.PrimaryKeyConstraint("user_id", name="credentials_pk"),
        _of_user("credentials"),
    )
    op.create_table(
        "recovery_codes", _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        _time("used_at"), _created(),
        sa.PrimaryKeyConstraint("id", name="recovery_codes_pk"),
        _of_user("recovery_codes"),
        sa.UniqueConstraint("user_id", "code_hash", name="recovery_codes_user_id_code_hash_key"),
    )  # fmt: skip
    op.create_table(
        "sign_in_attempts",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        _time("last_at", required=True), _time("locked_until"),
        sa.PrimaryKeyConstraint("subject", name="sign_in_attempts_pk"),
    )  # fmt: skip


def tokens() -> None:
    """Sessions and single-use links."""
    op.create_table(
        "sessions", _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid()),
        _time("last_used_at", required=True), _time("expires_at", required=True), _time("revoked_at"),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        _created(),
        sa.PrimaryKeyConstraint("id", name="sessions_pk"),
        _of_user("sessions"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="sessions_tenant_id_fk", ondelete="SET NULL"),
        sa.UniqueConstraint("token_hash", name="sessions_token_hash_key"),
        sa.CheckConstraint("stage IN ('pending_mfa', 'full')", name="sessions_stage_check"),
    )  # fmt: skip
    op.create_index("sessions_user_id_ix", "sessions", ["user_id"])
    op.create_table(
        "password_resets", _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _time("expires_at", required=True), _time("used_at"), _created(),
        sa.PrimaryKeyConstraint("id", name="password_resets_pk"),
        _of_user("password_resets"),
        sa.UniqueConstraint("token_hash", name="password_resets_token_hash_key"),
    )  # fmt: skip
    op.create_index("password_resets_user_id_ix", "password_resets", ["user_id"])


def memberships() -> None:
    """Tables of a tenant."""
    op.create_table(
        "memberships",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _created(),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name="memberships_pk"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="memberships_tenant_id_fk"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="memberships_user_id_fk"),
        sa.CheckConstraint("status IN ('active', 'suspended', 'removed')", name="memberships_status_check"),
    )
    op.create_index("memberships_user_id_ix", "memberships", ["user_id"])
    op.create_table(
        "role_grants", *_tenant_key("role_grants"),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope_kind", sa.Text()),
        sa.Column("scope_id", sa.Uuid()),
        _created(),
        _of_member("role_grants", "user_id"),
        sa.CheckConstraint(ROLES, name="role_grants_role_check"),
        sa.CheckConstraint("scope_kind IN ('event', 'contest', 'category')", name="role_grants_scope_kind_check"),
        sa.CheckConstraint("(scope_kind IS NULL) = (scope_id IS NULL)", name="role_grants_scope_check"),
        sa.CheckConstraint("role <> 'ADMIN' OR scope_id IS NULL", name="role_grants_admin_everywhere_check"),
    )  # fmt: skip
    op.create_index(
        "role_grants_once_key", "role_grants", ["tenant_id", "user_id", "role", "scope_id"],
        unique=True, postgresql_nulls_not_distinct=True,
    )  # fmt: skip
    op.create_table(
        "invitations", *_tenant_key("invitations"),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("roles", JSONB(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        _time("expires_at", required=True), _time("accepted_at"), _time("revoked_at"), _created(),
        _of_member("invitations", "invited_by"),
    )  # fmt: skip
    op.create_index("invitations_token_hash_ix", "invitations", ["token_hash"])
    op.create_index("invitations_email_ix", "invitations", ["tenant_id", "email"])
    op.create_table(
        "api_keys", *_tenant_key("api_keys"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("permissions", JSONB(none_as_null=True)),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        _time("expires_at"), _time("last_used_at"), _time("revoked_at"), _created(),
        _of_member("api_keys", "created_by"),
        sa.CheckConstraint(ROLES, name="api_keys_role_check"),
    )  # fmt: skip
    op.create_index("api_keys_token_hash_ix", "api_keys", ["token_hash"])


def row_security() -> None:
    """Accounts: oneself, and by name the people of the tenant at work. Sign-in itself is platform work."""
    app = roles_here().app
    for table in ("memberships", "role_grants", "invitations", "api_keys"):
        protect(table)
    for table in ("memberships", "invitations", "api_keys"):
        op.execute(f"REVOKE DELETE ON {table} FROM {app}")
    fellow = f"EXISTS (SELECT 1 FROM memberships m WHERE m.tenant_id = (SELECT {TENANT}) AND m.user_id = users.id)"
    for table in ("users", "credentials", "recovery_codes", "sessions", "password_resets", "sign_in_attempts"):
        share(table, app="")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY platform_all ON {table} TO {roles_here().platform} USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY visible ON users FOR SELECT TO {app} USING (id = (SELECT {ME}) OR {fellow})")
    op.execute(f"CREATE POLICY own ON users FOR UPDATE TO {app} USING (id = (SELECT {ME})) WITH CHECK (id = {ME})")
    op.execute(f"GRANT SELECT, UPDATE (name, version) ON users TO {app}")
    for table, rights in (
        ("credentials", "SELECT, UPDATE"),
        ("recovery_codes", "SELECT, INSERT, UPDATE, DELETE"),
        ("sessions", "SELECT, UPDATE (tenant_id, revoked_at)"),
        ("password_resets", "SELECT, UPDATE (used_at)"),
    ):
        op.execute(f"CREATE POLICY own ON {table} TO {app} USING (user_id = (SELECT {ME})) WITH CHECK (user_id = {ME})")
        op.execute(f"GRANT {rights} ON {table} TO {app}")


def downgrade() -> None:
    op.execute("DROP FUNCTION identity_my_tenants()")
    op.execute("DROP FUNCTION identity_authenticate(bytea, text, uuid, timestamptz)")
    op.execute("DROP POLICY visible ON users")
    for table in TABLES:
        op.drop_table(table)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False)


def _time(name: str, *, required: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.TIMESTAMP(timezone=True), nullable=not required)


def _created() -> sa.Column[object]:
    return sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False)


def _tenant_key(table: str) -> tuple[sa.Column[object], sa.Column[object], sa.PrimaryKeyConstraint]:
    tenant: sa.Column[object] = sa.Column("tenant_id", sa.Uuid(), nullable=False)
    return tenant, _id(), sa.PrimaryKeyConstraint("tenant_id", "id", name=f"{table}_pk")


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=f"{table}_user_id_fk", ondelete="CASCADE")


def _of_member(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], ["memberships.tenant_id", "memberships.user_id"], name=f"{table}_tenant_id_{column}_fk"
    )
