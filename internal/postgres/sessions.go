package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// Sessions keeps browser sessions for the session library. What it hands over
// is JSON, so that the table can be listed and revoked by person.
type Sessions struct{ db *DB }

// Sessions is the store behind the session cookie.
func (db *DB) Sessions() Sessions { return Sessions{db} }

// FindCtx reads a session that has not expired.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := s.db.pool.QueryRow(ctx, `select data::text from sessions where token = $1 and expires_at > now()`, token).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx stores a session. One that was revoked meanwhile stays so: a request
// under way must not bring it back.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	_, err := s.db.pool.Exec(ctx, `insert into sessions (token, data, expires_at) values ($1, $2, $3)
		on conflict (token) do update set data = excluded.data, expires_at = excluded.expires_at, seen_at = now()
		where sessions.expires_at > now()`, token, string(data), expires)
	return err
}

// DeleteCtx ends a session for good. Its name is kept for a while: without it a
// request under way, which read the session before, would store it anew.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.db.pool.Exec(ctx, `update sessions set expires_at = now(), data = '{"values": {}}' where token = $1`, token)
	if err == nil {
		s.db.feed.add(&desk.Tidings{Sessions: []string{token}})
	}
	return err
}

// Find, Commit and Delete complete the library's interface; it never calls
// them on a store that knows the context.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit stores a session.
func (s Sessions) Commit(token string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expires)
}

// Delete ends a session.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// SessionCodec writes a session's values as JSON.
type SessionCodec struct{}

type sessionData struct {
	Deadline time.Time      `json:"deadline"`
	Values   map[string]any `json:"values"`
}

// Encode implements the session library's codec.
func (SessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(sessionData{deadline, values})
}

// Decode implements the session library's codec.
func (SessionCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var d sessionData
	if err := json.Unmarshal(b, &d); err != nil {
		return time.Time{}, nil, fmt.Errorf("session: %w", err)
	}
	if d.Values == nil {
		d.Values = map[string]any{}
	}
	return d.Deadline, d.Values, nil
}

// SessionsOf lists a person's live sessions, newest first.
func (g *GlobalTx) SessionsOf(person desk.ID) ([]desk.Session, error) {
	return globalMany[desk.Session](g, `select token as id, coalesce(data -> 'values' ->> 'device', '') as device, coalesce(data -> 'values' ->> 'address', '') as address,
		coalesce((data -> 'values' ->> 'since')::timestamptz, seen_at) as since, seen_at, expires_at
		from sessions where person_id = @person and expires_at > now() order by seen_at desc limit 50`, pgx.StrictNamedArgs{"person": person})
}

// Revoke ends one of a person's sessions. Errors: ErrNotFound.
func (g *GlobalTx) Revoke(person desk.ID, session string) error {
	g.news.Sessions = append(g.news.Sessions, session)
	tag, err := g.tx.Exec(g.ctx, `update sessions set expires_at = now() where person_id = $1 and token = $2 and expires_at > now()`, person, session)
	return found(tag.RowsAffected(), err)
}

// RevokeAll ends all of a person's sessions but one ("" spares none).
func (g *GlobalTx) RevokeAll(person desk.ID, but string) error {
	g.news.People = append(g.news.People, person)
	_, err := g.tx.Exec(g.ctx, `update sessions set expires_at = now() where person_id = $1 and token <> $2 and expires_at > now()`, person, but)
	return err
}

// ForgetExpired removes sessions that ended an hour ago or more, a thousand at
// a time; no request is that slow.
func (g *GlobalTx) ForgetExpired() (int64, error) {
	tag, err := g.tx.Exec(g.ctx, `delete from sessions where token in (select token from sessions where expires_at < now() - interval '1 hour' limit 1000)`)
	return tag.RowsAffected(), err
}

// AddLink stores a sign-in link by the hash of its token.
func (t *Tx) AddLink(id, person desk.ID, hash []byte, expires time.Time) error {
	_, err := t.exec(`insert into sign_in_links (desk_id, id, person_id, token_hash, expires_at, created_at) values (@desk, @id, @person, @hash, @expires, @now)`,
		args{"id": id, "person": person, "hash": hash, "expires": expires, "now": t.Now})
	return err
}

// RecentLinks counts a person's links since then, at most ten.
func (t *Tx) RecentLinks(person desk.ID, since time.Time) (int, error) {
	return scalar[int](t, `select count(*)::int from (select from sign_in_links where desk_id = @desk and person_id = @person and created_at > @since limit 10) few`,
		args{"person": person, "since": since})
}

// UseLink spends a link and returns whose it was. Two uses at once: one wins.
// Errors: ErrNotFound when unknown, spent or expired.
func (t *Tx) UseLink(hash []byte) (desk.ID, error) {
	return scalar[desk.ID](t, `update sign_in_links set used_at = @now where desk_id = @desk and token_hash = @hash and used_at is null and expires_at > @now returning person_id`,
		args{"hash": hash, "now": t.Now})
}

// LinkIsOpen tells whether a link can still be used. Errors: ErrNotFound.
func (t *Tx) LinkIsOpen(id desk.ID) error {
	_, err := scalar[desk.ID](t, `select id from sign_in_links where desk_id = @desk and id = @id and used_at is null and expires_at > @now`, args{"id": id, "now": t.Now})
	return err
}
