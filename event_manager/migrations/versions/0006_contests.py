"""Events, contests, categories, criteria, participants, entries, panels."""

from alembic import op

from event_manager.kit.migrate import protect

revision = "0006_contests"
down_revision = "0005_identity"
branch_labels = None
depends_on = None

EVENTS = """
CREATE TABLE events (
    tenant_id UUID NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    name TEXT NOT NULL,
    slug TEXT,
    starts_on DATE,
    ends_on DATE,
    venue TEXT DEFAULT '' NOT NULL,
    status TEXT DEFAULT 'draft' NOT NULL,
    sort_order INTEGER DEFAULT 0 NOT NULL,
    is_template BOOLEAN DEFAULT false NOT NULL,
    numbering TEXT DEFAULT 'auto' NOT NULL,
    number_prefix TEXT DEFAULT '' NOT NULL,
    number_digits INTEGER DEFAULT 0 NOT NULL,
    next_number INTEGER DEFAULT 1 NOT NULL,
    locked_at timestamptz,
    locked_by UUID,
    lock_reason TEXT DEFAULT '' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT events_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT events_tenant_id_fk FOREIGN KEY(tenant_id) REFERENCES tenants (id),
    CONSTRAINT events_tenant_id_slug_key UNIQUE (tenant_id, slug),
    CONSTRAINT events_slug_check CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    CONSTRAINT events_dates_check CHECK (ends_on >= starts_on),
    CONSTRAINT events_numbers_check CHECK (number_digits BETWEEN 0 AND 9 AND next_number >= 1),
    CONSTRAINT events_status_check CHECK (status IN ('draft', 'open', 'closed', 'archived')),
    CONSTRAINT events_numbering_check CHECK (numbering IN ('manual', 'auto', 'none'))
);
CREATE INDEX events_tenant_id_sort_order_ix ON events (tenant_id, sort_order, id)
"""
CONTESTS = """
CREATE TABLE contests (
    tenant_id UUID NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    event_id UUID NOT NULL,
    name TEXT NOT NULL,
    status TEXT DEFAULT 'draft' NOT NULL,
    sort_order INTEGER DEFAULT 0 NOT NULL,
    is_template BOOLEAN DEFAULT false NOT NULL,
    numbering TEXT DEFAULT 'inherit' NOT NULL,
    number_prefix TEXT DEFAULT '' NOT NULL,
    number_digits INTEGER DEFAULT 0 NOT NULL,
    next_number INTEGER DEFAULT 1 NOT NULL,
    locked_at timestamptz,
    locked_by UUID,
    lock_reason TEXT DEFAULT '' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT contests_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT contests_tenant_id_event_id_fk FOREIGN KEY(tenant_id, event_id) REFERENCES events (tenant_id, id),
    CONSTRAINT contests_numbers_check CHECK (number_digits BETWEEN 0 AND 9 AND next_number >= 1),
    CONSTRAINT contests_status_check CHECK (status IN ('draft', 'open', 'closed', 'archived')),
    CONSTRAINT contests_numbering_check CHECK (numbering IN ('inherit', 'manual', 'auto', 'none'))
);
CREATE INDEX contests_tenant_id_event_id_sort_order_ix ON contests (tenant_id, event_id, sort_order, id)
"""
CATEGORIES = """
CREATE TABLE categories (
    tenant_id UUID NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    contest_id UUID NOT NULL,
    name TEXT NOT NULL,
    sort_order INTEGER DEFAULT 0 NOT NULL,
    is_template BOOLEAN DEFAULT false NOT NULL,
    weight NUMERIC DEFAULT 1 NOT NULL,
    kind TEXT DEFAULT 'single' NOT NULL,
    part_names JSONB DEFAULT '[]' NOT NULL,
    state TEXT DEFAULT 'draft' NOT NULL,
    state_at timestamptz,
    reopened_at timestamptz,
    reopened_by UUID,
    reopened_from TEXT,
    reopened_reason TEXT DEFAULT '' NOT NULL,
    panel_frozen_at timestamptz,
    inputs_version BIGINT DEFAULT 1 NOT NULL,
    locked_at timestamptz,
    locked_by UUID,
    lock_reason TEXT DEFAULT '' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT categories_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT categories_tenant_id_contest_id_fk FOREIGN KEY(tenant_id, contest_id)
        REFERENCES contests (tenant_id, id),
    CONSTRAINT categories_tenant_id_contest_id_id_key UNIQUE (tenant_id, contest_id, id),
    CONSTRAINT categories_weight_check CHECK (weight >= 0),
    CONSTRAINT categories_part_names_check CHECK (jsonb_typeof(part_names) = 'array'),
    CONSTRAINT categories_parts_check CHECK ((kind = 'single') = (part_names = '[]')),
    CONSTRAINT categories_state_check
        CHECK (state IN ('draft', 'judging', 'judged', 'tallied', 'audited', 'approved', 'published')),
    CONSTRAINT categories_kind_check CHECK (kind IN ('single', 'dances', 'runs', 'rounds', 'segments'))
);
CREATE INDEX categories_tenant_id_contest_id_sort_order_ix ON categories (tenant_id, contest_id, sort_order, id)
"""
CRITERIA = """
CREATE TABLE criteria (
    tenant_id UUID NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    category_id UUID NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    min NUMERIC DEFAULT 0 NOT NULL,
    max NUMERIC NOT NULL,
    step NUMERIC NOT NULL,
    weight NUMERIC DEFAULT 1 NOT NULL,
    sort_order INTEGER DEFAULT 0 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT criteria_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT criteria_tenant_id_category_id_fk FOREIGN KEY(tenant_id, category_id)
        REFERENCES categories (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT criteria_tenant_id_category_id_key_key
        UNIQUE (tenant_id, category_id, key) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT criteria_tenant_id_category_id_id_key UNIQUE (tenant_id, category_id, id),
    CONSTRAINT criteria_range_check CHECK (max > min AND step > 0 AND weight >= 0),
    CONSTRAINT criteria_key_check CHECK (key ~ '^[a-z0-9][a-z0-9_]{0,62}$')
)
"""
PARTICIPANTS = """
CREATE TABLE participants (
    tenant_id UUID NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    kind TEXT DEFAULT 'person' NOT NULL,
    club TEXT DEFAULT '' NOT NULL,
    country TEXT DEFAULT '' NOT NULL,
    email TEXT,
    archived_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT participants_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT participants_tenant_id_fk FOREIGN KEY(tenant_id) REFERENCES tenants (id),
    CONSTRAINT participants_kind_check CHECK (kind IN ('person', 'group'))
);
CREATE INDEX participants_tenant_id_name_key_ix ON participants (tenant_id, name_key, id)
"""
CONTEST_ENTRIES = """
CREATE TABLE contest_entries (
    tenant_id UUID NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    contest_id UUID NOT NULL,
    participant_id UUID NOT NULL,
    number TEXT,
    running_order INTEGER NOT NULL,
    state TEXT DEFAULT 'entered' NOT NULL,
    state_reason TEXT DEFAULT '' NOT NULL,
    facts JSONB DEFAULT '{}' NOT NULL,
    checked_in_at timestamptz,
    checked_in_by UUID,
    created_at timestamptz DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT contest_entries_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT contest_entries_tenant_id_contest_id_fk FOREIGN KEY(tenant_id, contest_id)
        REFERENCES contests (tenant_id, id),
    CONSTRAINT contest_entries_tenant_id_participant_id_fk FOREIGN KEY(tenant_id, participant_id)
        REFERENCES participants (tenant_id, id),
    CONSTRAINT contest_entries_tenant_id_contest_id_id_key UNIQUE (tenant_id, contest_id, id),
    CONSTRAINT contest_entries_tenant_id_contest_id_participant_id_key UNIQUE (tenant_id, contest_id, participant_id),
    CONSTRAINT contest_entries_tenant_id_contest_id_number_key
        UNIQUE (tenant_id, contest_id, number) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT contest_entries_facts_check CHECK (jsonb_typeof(facts) = 'object'),
    CONSTRAINT contest_entries_number_check CHECK (number <> ''),
    CONSTRAINT contest_entries_state_check CHECK (state IN ('entered', 'scratched', 'dns', 'dnf', 'dq', 'withdrawn'))
);
CREATE INDEX contest_entries_running_order_ix ON contest_entries (tenant_id, contest_id, running_order, id);
CREATE INDEX contest_entries_tenant_id_participant_id_ix ON contest_entries (tenant_id, participant_id)
"""
CATEGORY_ENTRIES = """
CREATE TABLE category_entries (
    tenant_id UUID NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    contest_id UUID NOT NULL,
    category_id UUID NOT NULL,
    contest_entry_id UUID NOT NULL,
    running_order INTEGER,
    state TEXT DEFAULT 'entered' NOT NULL,
    state_reason TEXT DEFAULT '' NOT NULL,
    facts JSONB DEFAULT '{}' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT category_entries_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT category_entries_tenant_id_contest_id_category_id_fk FOREIGN KEY(tenant_id, contest_id, category_id)
        REFERENCES categories (tenant_id, contest_id, id) ON DELETE CASCADE,
    CONSTRAINT category_entries_tenant_id_contest_id_contest_entry_id_fk
        FOREIGN KEY(tenant_id, contest_id, contest_entry_id)
        REFERENCES contest_entries (tenant_id, contest_id, id),
    CONSTRAINT category_entries_tenant_id_category_id_contest_entry_id_key
        UNIQUE (tenant_id, category_id, contest_entry_id),
    CONSTRAINT category_entries_tenant_id_category_id_id_key UNIQUE (tenant_id, category_id, id),
    CONSTRAINT category_entries_facts_check CHECK (jsonb_typeof(facts) = 'object'),
    CONSTRAINT category_entries_state_check CHECK (state IN ('entered', 'scratched', 'dns', 'dnf', 'dq'))
);
CREATE INDEX category_entries_contest_entry_ix ON category_entries (tenant_id, contest_id, contest_entry_id)
"""
PANEL_SEATS = """
CREATE TABLE panel_seats (
    tenant_id UUID NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    category_id UUID NOT NULL,
    user_id UUID NOT NULL,
    label TEXT NOT NULL,
    role TEXT DEFAULT 'regular' NOT NULL,
    group_label TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT 'active' NOT NULL,
    state_reason TEXT DEFAULT '' NOT NULL,
    replaces_id UUID,
    marks_version BIGINT DEFAULT 0 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT panel_seats_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT panel_seats_tenant_id_category_id_fk FOREIGN KEY(tenant_id, category_id)
        REFERENCES categories (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT panel_seats_tenant_id_user_id_fk FOREIGN KEY(tenant_id, user_id)
        REFERENCES memberships (tenant_id, user_id),
    CONSTRAINT panel_seats_tenant_id_category_id_replaces_id_fk FOREIGN KEY(tenant_id, category_id, replaces_id)
        REFERENCES panel_seats (tenant_id, category_id, id),
    CONSTRAINT panel_seats_tenant_id_category_id_id_key UNIQUE (tenant_id, category_id, id),
    CONSTRAINT panel_seats_label_check CHECK (label <> ''),
    CONSTRAINT panel_seats_role_check CHECK (role IN ('head', 'regular', 'shadow', 'tie_break', 'technical')),
    CONSTRAINT panel_seats_state_check CHECK (state IN ('active', 'absent', 'replaced'))
);
CREATE UNIQUE INDEX panel_seats_label_key ON panel_seats (tenant_id, category_id, label) WHERE state <> 'replaced';
CREATE INDEX panel_seats_tenant_id_user_id_ix ON panel_seats (tenant_id, user_id);
CREATE UNIQUE INDEX panel_seats_user_key ON panel_seats (tenant_id, category_id, user_id) WHERE state <> 'replaced'
"""
RECUSALS = """
CREATE TABLE recusals (
    tenant_id UUID NOT NULL,
    id UUID DEFAULT uuidv7() NOT NULL,
    category_id UUID NOT NULL,
    seat_id UUID NOT NULL,
    category_entry_id UUID NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    declared_by UUID,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT recusals_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT recusals_tenant_id_category_id_seat_id_fk FOREIGN KEY(tenant_id, category_id, seat_id)
        REFERENCES panel_seats (tenant_id, category_id, id) ON DELETE CASCADE,
    CONSTRAINT recusals_tenant_id_category_id_category_entry_id_fk
        FOREIGN KEY(tenant_id, category_id, category_entry_id)
        REFERENCES category_entries (tenant_id, category_id, id) ON DELETE CASCADE,
    CONSTRAINT recusals_tenant_id_seat_id_category_entry_id_key UNIQUE (tenant_id, seat_id, category_entry_id),
    CONSTRAINT recusals_kind_check CHECK (kind IN ('recusal', 'conflict'))
);
CREATE INDEX recusals_category_entry_ix ON recusals (tenant_id, category_id, category_entry_id)
"""
TABLES = {
    "events": EVENTS,
    "contests": CONTESTS,
    "categories": CATEGORIES,
    "criteria": CRITERIA,
    "participants": PARTICIPANTS,
    "contest_entries": CONTEST_ENTRIES,
    "category_entries": CATEGORY_ENTRIES,
    "panel_seats": PANEL_SEATS,
    "recusals": RECUSALS,
}


def upgrade() -> None:
    for name, statements in TABLES.items():
        op.execute(statements)
        protect(name)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
