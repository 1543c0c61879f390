package desk

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
	"time"
)

// TokenScope is a part of the desk that a program may reach.
type TokenScope string

// The scopes of tokens. Writing does not include reading.
const (
	ScopeTicketsRead     TokenScope = "tickets:read"
	ScopeTicketsWrite    TokenScope = "tickets:write"
	ScopeCustomersRead   TokenScope = "customers:read"
	ScopeCustomersWrite  TokenScope = "customers:write"
	ScopePeopleRead      TokenScope = "people:read"
	ScopeIncidentsRead   TokenScope = "incidents:read"
	ScopeEscalationsRead TokenScope = "escalations:read"
	ScopeOffersRead      TokenScope = "offers:read"
	ScopeIssuesRead      TokenScope = "issues:read"
	ScopeWebhooksRead    TokenScope = "webhooks:read"
	ScopeWebhooksWrite   TokenScope = "webhooks:write"
)

// TokenScopes lists them as a form offers them.
func TokenScopes() []TokenScope {
	return []TokenScope{ScopeTicketsRead, ScopeTicketsWrite, ScopeCustomersRead, ScopeCustomersWrite, ScopePeopleRead,
		ScopeIncidentsRead, ScopeEscalationsRead, ScopeIssuesRead, ScopeOffersRead, ScopeWebhooksRead, ScopeWebhooksWrite}
}

// Token lets a program act as a person of the desk, within its scopes. That
// person's own rights hold on top of them.
type Token struct {
	ID         ID
	Name       string
	Scopes     []string
	PersonID   ID
	PersonName string
	PersonOn   bool   // whether he may still come in
	Hint       string // how its text begins
	EndsAt     *time.Time
	UsedAt     *time.Time // to the minute
	RevokedAt  *time.Time
	MakerName  string
	CreatedAt  time.Time
}

// Dead tells a token that opens nothing any more.
func (t Token) Dead(now time.Time) bool {
	return t.RevokedAt != nil || t.Ended(now) || !t.PersonOn
}

// Ended tells a token whose last day is over.
func (t Token) Ended(now time.Time) bool { return t.EndsAt != nil && !now.Before(*t.EndsAt) }

// TokenForm is what an admin says of a new token.
type TokenForm struct {
	Name   string
	Scopes []string
	Person ID
	Last   string // the last day on which it opens, "" for no end
	Key    ID     // one per form shown: it becomes the token's id, so that a second press makes no second token
}

// maxTokenName is how long the name of a token may be, in characters.
const maxTokenName = 80

// NewToken checks a form and names the moment at which the token ends. Errors:
// Invalid, by field.
func NewToken(f TokenForm, d Desk, now time.Time) (Token, error) {
	t := Token{ID: f.Key, Name: clean(f.Name), PersonID: f.Person, CreatedAt: now}
	if t.ID == Nobody {
		t.ID = NewID()
	}
	var p Problems
	p.Text("name", t.Name, 1, maxTokenName)
	for _, s := range TokenScopes() {
		if slices.Contains(f.Scopes, string(s)) {
			t.Scopes = append(t.Scopes, string(s))
		}
	}
	if len(t.Scopes) == 0 || len(t.Scopes) != len(slices.Compact(slices.Sorted(slices.Values(f.Scopes)))) {
		p.Add("scopes", "error.token.scopes")
	}
	if f.Person == Nobody {
		p.Add("person", "error.choose")
	}
	if f.Last != "" {
		day, err := time.ParseInLocation(time.DateOnly, f.Last, d.Location())
		end := day.AddDate(0, 0, 1)
		switch {
		case err != nil:
			p.Add("last", "error.date")
		case !end.After(now):
			p.Add("last", "error.token.past")
		case end.After(now.AddDate(10, 0, 0)):
			p.Add("last", "error.date")
		}
		t.EndsAt = &end
	}
	return t, p.Err()
}

// Bearer is who a token speaks for.
type Bearer struct {
	DeskID   ID
	ID       ID // the token's
	PersonID ID
	Scopes   []string
	EndsAt   *time.Time
	UsedAt   *time.Time
}

// May tells whether a bearer's token reaches so far.
func (b Bearer) May(s TokenScope) bool { return slices.Contains(b.Scopes, string(s)) }

const tokenPrefix = "gch_"

// TokenText writes 256 random bits as programs carry them: a prefix that
// scanners for leaked secrets can look for, and a checksum by which a torn or
// mistyped one is known without asking the database.
func TokenText(random [32]byte) string {
	raw := binary.BigEndian.AppendUint32(random[:], crc32.ChecksumIEEE(random[:]))
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(raw)
}

// TokenHint is how a token's text begins, to tell it from others.
func TokenHint(text string) string { return text[:min(len(text), len(tokenPrefix)+6)] }

// TokenHash is what is kept of a token. It reports false for a text that never
// was one.
func TokenHash(text string) (hash []byte, ok bool) {
	coded, ok := strings.CutPrefix(text, tokenPrefix)
	raw, err := base64.RawURLEncoding.Strict().DecodeString(coded)
	if !ok || err != nil || len(raw) != 36 || strings.ContainsAny(coded, "\r\n") || crc32.ChecksumIEEE(raw[:32]) != binary.BigEndian.Uint32(raw[32:]) {
		return nil, false
	}
	sum := sha256.Sum256([]byte(text))
	return sum[:], true
}

// KeptAnswer is what was answered to a request that is sent again.
type KeptAnswer struct {
	Status   int
	Location string
	ETag     string
	Body     []byte
}
