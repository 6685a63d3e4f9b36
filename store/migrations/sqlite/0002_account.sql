-- Who people are, what they may do where, and how they come in. Times are Unix
-- milliseconds UTC; hashes are URL-safe base64.

CREATE TABLE account (
    id             TEXT PRIMARY KEY,
    name           TEXT NOT NULL,
    email          TEXT,
    phone          TEXT,
    email_verified INTEGER NOT NULL DEFAULT 0 CHECK (email_verified IN (0, 1)),
    phone_verified INTEGER NOT NULL DEFAULT 0 CHECK (phone_verified IN (0, 1)),
    -- held by somebody else until this person proves them; never used for messages or sign-in
    email_wanted   TEXT,
    phone_wanted   TEXT,
    -- when somebody else proved the contact that was here
    email_lost_at  INTEGER,
    phone_lost_at  INTEGER,
    -- the first proof of any contact; NULL: whoever proves one claims the account
    proved_at      INTEGER,
    password_hash  TEXT,
    locale         TEXT NOT NULL,
    channels       TEXT NOT NULL,
    guest          INTEGER NOT NULL DEFAULT 0 CHECK (guest IN (0, 1)),
    -- phone, paper, counter: the desk typed the contact
    contact_typed  TEXT,
    demo           INTEGER NOT NULL DEFAULT 0 CHECK (demo IN (0, 1)),
    created_at     INTEGER NOT NULL,
    closed_at      INTEGER,
    CHECK (email IS NOT NULL OR email_verified = 0),
    CHECK (phone IS NOT NULL OR phone_verified = 0)
) STRICT, WITHOUT ROWID;
-- A login is one account: among open accounts a contact is held once.
CREATE UNIQUE INDEX account_email ON account (email) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX account_phone ON account (phone) WHERE closed_at IS NULL;

-- center_id '' is every center.
CREATE TABLE role_grant (
    account_id TEXT NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL CHECK (role IN ('staff', 'manager', 'admin')),
    center_id  TEXT NOT NULL,
    PRIMARY KEY (account_id, role, center_id),
    CHECK (role <> 'staff' OR center_id <> '')
) STRICT, WITHOUT ROWID;
CREATE INDEX role_grant_role ON role_grant (role, center_id);

CREATE TABLE session (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES account (id),
    token_hash   TEXT NOT NULL UNIQUE,
    address_hash TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account_id, address_hash);
CREATE INDEX session_expires ON session (expires_at);

-- One code under each key, the newest; hour_start and sent count what left
-- within an hour. Neither the contact nor the digits are here.
CREATE TABLE sign_in_code (
    login_hash TEXT PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    account_id TEXT,
    kind       TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
    purpose    TEXT NOT NULL,
    nonce      TEXT NOT NULL,
    code_hash  TEXT NOT NULL,
    tries      INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    hour_start INTEGER NOT NULL,
    sent       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_code_created ON sign_in_code (created_at);

CREATE TABLE sign_in_failure (
    login_hash TEXT PRIMARY KEY,
    failures   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failure_last ON sign_in_failure (last_at);

CREATE TABLE account_group (
    account_id       TEXT NOT NULL REFERENCES account (id),
    group_id         TEXT NOT NULL,
    declared_at      INTEGER,
    confirmed_at     INTEGER,
    confirmed_by     TEXT,
    confirmed_center TEXT,
    PRIMARY KEY (account_id, group_id)
) STRICT, WITHOUT ROWID;

-- center_id NULL is valid in every center; valid_until NULL is for ever.
CREATE TABLE certificate (
    id            TEXT PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES account (id),
    key           TEXT NOT NULL,
    center_id     TEXT,
    basis         TEXT NOT NULL CHECK (basis IN ('course', 'card_seen', 'experience')),
    issued_at     INTEGER NOT NULL,
    issued_by     TEXT NOT NULL,
    issued_center TEXT,
    valid_until   INTEGER,
    revoked_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_account ON certificate (account_id, key);

-- The answer in force; how it came about is in the audit.
CREATE TABLE consent (
    account_id TEXT NOT NULL REFERENCES account (id),
    key        TEXT NOT NULL,
    given      INTEGER NOT NULL CHECK (given IN (0, 1)),
    version    TEXT NOT NULL,
    at         INTEGER NOT NULL,
    how        TEXT NOT NULL,
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE firm (
    id              TEXT PRIMARY KEY,
    business_number TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A claim counts when a member or staff confirmed it.
CREATE TABLE firm_claim (
    account_id   TEXT NOT NULL REFERENCES account (id),
    firm_id      TEXT NOT NULL REFERENCES firm (id),
    claimed_at   INTEGER NOT NULL,
    confirmed_at INTEGER,
    confirmed_by TEXT,
    PRIMARY KEY (account_id, firm_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX firm_claim_firm ON firm_claim (firm_id);
