-- Hotels and what managers keep.

CREATE TABLE properties (
    id BLOB PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    settings TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

CREATE TABLE items (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    kind TEXT NOT NULL,
    details TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX items_by_property ON items (property_id, created_at);

CREATE TABLE facts (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    lang TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX facts_by_property ON facts (property_id, created_at);

CREATE TABLE integrations (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    config TEXT NOT NULL,
    -- AES-256-GCM; see src/secrets.rs
    sealed_secrets BLOB,
    enabled BOOLEAN NOT NULL,
    last_ok_at TEXT,
    last_error TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (property_id, kind, name)
);

CREATE TABLE prompts (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    version BIGINT NOT NULL,
    template TEXT NOT NULL,
    state TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    published_at TEXT,
    -- why the published version did not render for a guest, and when it first failed
    failure TEXT,
    failed_at TEXT,
    UNIQUE (property_id, version)
);

CREATE TABLE rule_sets (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    published_at TEXT,
    UNIQUE (property_id, version)
);

CREATE TABLE tool_policies (
    property_id BLOB NOT NULL REFERENCES properties (id),
    tool TEXT NOT NULL,
    policy TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (property_id, tool)
);

-- Staff, keys, audit.

CREATE TABLE users (
    id BLOB PRIMARY KEY NOT NULL,
    -- lower case
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    -- a role in every property; NULL: only those in user_roles
    everywhere_role TEXT,
    disabled_at TEXT,
    created_at TEXT NOT NULL
);

CREATE TABLE user_roles (
    user_id BLOB NOT NULL REFERENCES users (id),
    property_id BLOB NOT NULL REFERENCES properties (id),
    role TEXT NOT NULL,
    PRIMARY KEY (user_id, property_id)
);
CREATE INDEX user_roles_by_property ON user_roles (property_id);

CREATE TABLE staff_sessions (
    -- SHA-256 of the cookie
    token_hash BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    csrf TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX staff_sessions_by_user ON staff_sessions (user_id);

CREATE TABLE sign_in_tries (
    id BLOB PRIMARY KEY NOT NULL,
    email TEXT NOT NULL,
    network TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX sign_in_tries_by_email ON sign_in_tries (email, at);
CREATE INDEX sign_in_tries_by_network ON sign_in_tries (network, at);

CREATE TABLE api_keys (
    id BLOB PRIMARY KEY NOT NULL,
    -- NULL: every property
    property_id BLOB REFERENCES properties (id),
    name TEXT NOT NULL,
    -- SHA-256 of the key
    key_hash BLOB NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    disabled_at TEXT,
    created_at TEXT NOT NULL
);

CREATE TABLE audit (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB REFERENCES properties (id),
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    before_json TEXT,
    after_json TEXT,
    at TEXT NOT NULL
);
CREATE INDEX audit_by_property ON audit (property_id, at, id);

-- Guests and stays.

CREATE TABLE guests (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    name TEXT,
    lang TEXT,
    created_at TEXT NOT NULL,
    erased_at TEXT
);

CREATE TABLE identities (
    property_id BLOB NOT NULL REFERENCES properties (id),
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    guest_id BLOB NOT NULL REFERENCES guests (id),
    created_at TEXT NOT NULL,
    PRIMARY KEY (property_id, channel, address)
);
CREATE INDEX identities_by_guest ON identities (guest_id);

CREATE TABLE stays (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    -- upper case letters and digits only
    confirmation_key TEXT NOT NULL,
    confirmation TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    phone TEXT,
    email TEXT,
    lang TEXT,
    room TEXT,
    state TEXT NOT NULL,
    arrives_on TEXT NOT NULL,
    departs_on TEXT NOT NULL,
    checkout_until TEXT,
    -- folded name, room and confirmation, for the search box
    search TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (property_id, source, external_id)
);
CREATE INDEX stays_by_confirmation ON stays (property_id, confirmation_key);
CREATE INDEX stays_by_phone ON stays (property_id, phone);
CREATE INDEX stays_by_email ON stays (property_id, email);
CREATE INDEX stays_by_room ON stays (property_id, room, arrives_on);

CREATE TABLE stay_tokens (
    token_hash BLOB PRIMARY KEY NOT NULL,
    stay_id BLOB NOT NULL REFERENCES stays (id),
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    created_at TEXT NOT NULL
);
CREATE INDEX stay_tokens_by_stay ON stay_tokens (stay_id);

-- The folio of hotels whose property system is Bellhop itself (pms.house).
CREATE TABLE house_postings (
    id BLOB PRIMARY KEY NOT NULL,
    stay_id BLOB NOT NULL REFERENCES stays (id),
    -- ours: the same reference is posted once
    reference TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    posted_at TEXT NOT NULL,
    voided_at TEXT
);
CREATE INDEX house_postings_by_stay ON house_postings (stay_id, posted_at);

-- Conversations.

CREATE TABLE conversations (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    guest_id BLOB NOT NULL REFERENCES guests (id),
    channel TEXT NOT NULL,
    -- where an answer goes: a phone number, a mail address, a web session
    address TEXT NOT NULL,
    -- the channel account that it came through; NULL: the channel needs none
    integration_id BLOB REFERENCES integrations (id),
    -- the network address of a web session, for limits across sessions
    network TEXT,
    status TEXT NOT NULL,
    -- a person, or an API key that acts as one
    holder BLOB,
    epoch BIGINT NOT NULL,
    lang TEXT NOT NULL,
    stay_id BLOB REFERENCES stays (id),
    proof TEXT NOT NULL,
    proved_at TEXT,
    -- what the engine remembers between turns: asked for proof, a wish that waits for it …
    memory TEXT NOT NULL,
    last_seq BIGINT NOT NULL,
    -- the guest's last message
    guest_seq BIGINT NOT NULL,
    -- guest messages up to here have been answered or are with staff
    answered_seq BIGINT NOT NULL,
    -- staff have seen up to here
    read_seq BIGINT NOT NULL,
    last_line TEXT NOT NULL,
    mood REAL,
    priority BIGINT NOT NULL,
    -- why it is with staff, for the list
    reason TEXT,
    waiting_since TEXT,
    -- a guest message that the holder has not answered
    holder_due_at TEXT,
    greeted BOOLEAN NOT NULL,
    -- folded guest name, room, confirmation and address, for the search box
    search TEXT NOT NULL,
    first_unanswered_at TEXT,
    turn_due_at TEXT,
    turn_tries BIGINT NOT NULL,
    lease_token BIGINT NOT NULL,
    lease_until TEXT,
    created_at TEXT NOT NULL,
    active_at TEXT NOT NULL,
    UNIQUE (property_id, channel, address)
);
CREATE INDEX conversations_by_activity ON conversations (property_id, active_at, id);
CREATE INDEX conversations_by_status ON conversations (property_id, status, active_at, id);
CREATE INDEX conversations_by_holder ON conversations (holder, active_at) WHERE holder IS NOT NULL;
CREATE INDEX conversations_by_guest ON conversations (guest_id);
CREATE INDEX conversations_by_stay ON conversations (stay_id) WHERE stay_id IS NOT NULL;
CREATE INDEX conversations_due ON conversations (turn_due_at) WHERE turn_due_at IS NOT NULL;
CREATE INDEX conversations_holder_due ON conversations (holder_due_at) WHERE holder_due_at IS NOT NULL;
-- guests who wait for staff, most urgent first, then longest waiting
CREATE INDEX conversations_needing ON conversations (property_id, priority DESC, waiting_since, id) WHERE waiting_since IS NOT NULL;

CREATE TABLE messages (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    conversation_id BLOB NOT NULL REFERENCES conversations (id),
    seq BIGINT NOT NULL,
    author TEXT NOT NULL,
    -- a person of staff, or an API key that acts as one
    user_id BLOB,
    private BOOLEAN NOT NULL,
    text TEXT NOT NULL,
    media TEXT NOT NULL,
    quote_id BLOB,
    turn_id BLOB,
    -- the vendor's id, or the writer's own key; unique within the account it came through
    account TEXT NOT NULL,
    vendor_id TEXT,
    delivery TEXT NOT NULL,
    delivery_reason TEXT,
    mood REAL,
    tokens BIGINT,
    created_at TEXT NOT NULL,
    UNIQUE (conversation_id, seq)
);
CREATE UNIQUE INDEX messages_once ON messages (account, vendor_id) WHERE vendor_id IS NOT NULL;

CREATE TABLE web_sessions (
    token_hash BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    conversation_id BLOB NOT NULL REFERENCES conversations (id),
    network TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX web_sessions_by_network ON web_sessions (network, created_at);
CREATE INDEX web_sessions_by_conversation ON web_sessions (conversation_id);

CREATE TABLE opt_outs (
    property_id BLOB NOT NULL REFERENCES properties (id),
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    word TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (property_id, channel, address)
);

CREATE TABLE proof_tries (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    conversation_id BLOB NOT NULL REFERENCES conversations (id),
    -- the confirmation number that was tried, hashed
    stay_key TEXT NOT NULL,
    network TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX proof_tries_by_conversation ON proof_tries (conversation_id, at);
CREATE INDEX proof_tries_by_stay ON proof_tries (property_id, stay_key, at);
CREATE INDEX proof_tries_by_network ON proof_tries (network, at);

-- What the engine does.

CREATE TABLE effects (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    conversation_id BLOB NOT NULL REFERENCES conversations (id),
    stay_id BLOB NOT NULL REFERENCES stays (id),
    turn_id BLOB NOT NULL,
    tool TEXT NOT NULL,
    -- the same wish of the same burst is one effect
    idempotency_key TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL,
    amount_minor BIGINT,
    currency TEXT,
    state TEXT NOT NULL,
    error TEXT,
    -- what had been answered when the wish was made: names the burst it came from
    anchor_seq BIGINT NOT NULL,
    -- the guest message up to which the burst went that agreed to it
    confirmed_seq BIGINT,
    quoted_seq BIGINT,
    expires_at TEXT,
    -- the hotel's calendar day on which it was agreed, for the limit per day
    agreed_on TEXT,
    voided_at TEXT,
    void_reason TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX effects_by_conversation ON effects (conversation_id, created_at);
CREATE INDEX effects_by_stay ON effects (stay_id, created_at);
CREATE INDEX effects_expiring ON effects (expires_at) WHERE state = 'proposed';
CREATE INDEX effects_under_way ON effects (updated_at) WHERE state IN ('confirmed', 'sent');
CREATE INDEX effects_unknown ON effects (property_id, created_at) WHERE state = 'unknown';

CREATE TABLE requests (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    stay_id BLOB REFERENCES stays (id),
    conversation_id BLOB REFERENCES conversations (id),
    effect_id BLOB UNIQUE REFERENCES effects (id),
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    room TEXT,
    department TEXT NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    due_at TEXT,
    created_at TEXT NOT NULL,
    closed_at TEXT,
    closed_by BLOB
);
CREATE INDEX requests_open ON requests (property_id, state, created_at, id);
CREATE INDEX requests_by_stay ON requests (stay_id, created_at);
CREATE INDEX requests_by_conversation ON requests (conversation_id, created_at);

CREATE TABLE escalations (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    conversation_id BLOB NOT NULL REFERENCES conversations (id),
    kind TEXT NOT NULL,
    -- one per conversation where it is set: rule:<name>
    once_key TEXT,
    reason TEXT NOT NULL,
    priority BIGINT NOT NULL,
    -- the guest message that caused it
    seq BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    opened_at TEXT,
    opened_by BLOB,
    -- when the next on-call number rings; NULL: it does not
    ring_at TEXT,
    rings BIGINT NOT NULL
);
CREATE INDEX escalations_by_conversation ON escalations (conversation_id, created_at);
CREATE INDEX escalations_by_property ON escalations (property_id, created_at);
CREATE UNIQUE INDEX escalations_once ON escalations (conversation_id, once_key) WHERE once_key IS NOT NULL;
CREATE INDEX escalations_ringing ON escalations (ring_at) WHERE ring_at IS NOT NULL;
CREATE INDEX escalations_unopened ON escalations (property_id, priority) WHERE opened_at IS NULL;

-- The flight record: every decision with its evidence.
CREATE TABLE decisions (
    id BLOB PRIMARY KEY NOT NULL,
    conversation_id BLOB NOT NULL REFERENCES conversations (id),
    seq BIGINT NOT NULL,
    turn_id BLOB,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX decisions_by_conversation ON decisions (conversation_id, at, id);

CREATE TABLE outbox (
    id BLOB PRIMARY KEY NOT NULL,
    property_id BLOB NOT NULL REFERENCES properties (id),
    -- NULL for an alert to staff
    conversation_id BLOB REFERENCES conversations (id),
    message_id BLOB REFERENCES messages (id),
    escalation_id BLOB REFERENCES escalations (id),
    channel TEXT NOT NULL,
    integration_id BLOB REFERENCES integrations (id),
    address TEXT NOT NULL,
    -- bot, staff, system, emergency, alert: only bot rows fall to a take-over
    voice TEXT NOT NULL,
    payload TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    due_at TEXT,
    lease_token BIGINT NOT NULL,
    lease_until TEXT,
    vendor_id TEXT,
    last_error TEXT,
    created_at TEXT NOT NULL,
    sent_at TEXT
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_by_conversation ON outbox (conversation_id, created_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_by_message ON outbox (message_id);
CREATE INDEX outbox_by_vendor ON outbox (integration_id, vendor_id) WHERE vendor_id IS NOT NULL;
