package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// Bearer finds who a token speaks for, by the hash of its text, in one round trip.
// Errors: ErrNotFound, also for one that was revoked or whose person was switched off.
func (db *DB) Bearer(ctx context.Context, hash []byte) (desk.Bearer, error) {
	rows, err := db.pool.Query(ctx, `select * from token_bearer($1)`, hash)
	if err != nil {
		return desk.Bearer{}, translate(err)
	}
	b, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (b desk.Bearer, err error) {
		err = row.Scan(&b.DeskID, &b.ID, &b.PersonID, &b.Scopes, &b.EndsAt, &b.UsedAt)
		return b, err
	})
	return b, translate(err)
}

// Tokens lists a desk's tokens, the newest first; those that were revoked long ago
// are history that nobody asks for.
func (t *Tx) Tokens() ([]desk.Token, error) {
	return many[desk.Token](t, `select k.id, k.name, k.scopes, k.person_id, p.name as person_name, p.active as person_on, k.hint, k.ends_at, k.used_at, k.revoked_at,
		m.name as maker_name, k.created_at
		from api_tokens k join people p on p.desk_id = @desk and p.id = k.person_id join people m on m.desk_id = @desk and m.id = k.created_by
		where k.desk_id = @desk and (k.revoked_at is null or k.revoked_at > @recent) order by k.created_at desc, k.id desc limit 200`,
		args{"recent": t.Now.AddDate(0, -3, 0)})
}

// AddToken stores a token by the hash of its text.
func (t *Tx) AddToken(k desk.Token, hash []byte, maker desk.ID) {
	t.write(`insert into api_tokens (desk_id, id, name, scopes, person_id, hash, hint, ends_at, created_by, created_at)
		values (@desk, @id, @name, @scopes, @person, @hash, @hint, @ends, @maker, @now)`,
		args{"id": k.ID, "name": k.Name, "scopes": k.Scopes, "person": k.PersonID, "hash": hash, "hint": k.Hint, "ends": k.EndsAt, "maker": maker, "now": k.CreatedAt})
}

// RevokeToken ends a token for good. Errors: ErrNotFound, also for one that was.
func (t *Tx) RevokeToken(id desk.ID) error {
	n, err := t.exec(`update api_tokens set revoked_at = @now where desk_id = @desk and id = @id and revoked_at is null`, args{"id": id, "now": t.Now})
	return found(n, err)
}

// UsedToken notes that a token was used, once a minute.
func (t *Tx) UsedToken(id desk.ID) {
	t.write(`update api_tokens set used_at = @now where desk_id = @desk and id = @id and (used_at is null or used_at < @minute)`,
		args{"id": id, "now": t.Now, "minute": t.Now.Add(-time.Minute)})
}

type apiRequest struct {
	Hash      []byte
	Status    *int
	Location  string
	ETag      string `db:"etag"`
	Body      []byte
	HeldUntil time.Time
}

// HoldRequest begins a request that may be sent again, and clears away some that
// nobody asks for any more. kept is what was answered already, nil for what is to be
// done now; stale says that somebody began it and never told how it ended. Errors:
// ErrConflict while it is under way; Invalid on "Idempotency-Key" when the key was
// another request's.
func (t *Tx) HoldRequest(token desk.ID, key string, hash []byte, hold time.Duration) (kept *desk.KeptAnswer, stale bool, err error) {
	t.write(`delete from api_requests where desk_id = @desk and (token_id, key) in (
		select token_id, key from api_requests where desk_id = @desk and created_at < @day order by created_at limit 20 for update skip locked)`, args{"day": t.Now.Add(-KeptFor)})
	a := args{"token": token, "key": key, "hash": hash, "until": t.Now.Add(hold), "now": t.Now}
	n, err := t.exec(`insert into api_requests (desk_id, token_id, key, hash, held_until, created_at) values (@desk, @token, @key, @hash, @until, @now) on conflict do nothing`, a)
	if err != nil || n == 1 {
		return nil, false, err
	}
	r, err := one[apiRequest](t, `select hash, status, location, etag, body, held_until from api_requests where desk_id = @desk and token_id = @token and key = @key for update`,
		args{"token": token, "key": key})
	switch {
	case errors.Is(err, desk.ErrNotFound): // given up between the two statements
		return nil, false, desk.ErrConflict
	case err != nil:
		return nil, false, err
	case string(r.Hash) != string(hash):
		return nil, false, desk.NewInvalid("Idempotency-Key", "error.api.key_of_another")
	case r.Status != nil:
		return &desk.KeptAnswer{Status: *r.Status, Location: r.Location, ETag: r.ETag, Body: r.Body}, false, nil
	case t.Now.Before(r.HeldUntil):
		return nil, false, desk.ErrConflict
	}
	t.write(`update api_requests set held_until = @until where desk_id = @desk and token_id = @token and key = @key`, args{"token": token, "key": key, "until": t.Now.Add(hold)})
	return nil, true, nil
}

// KeptFor is how long a request can be sent again.
const KeptFor = 24 * time.Hour

// KeepAnswer notes how a request ended.
func (t *Tx) KeepAnswer(token desk.ID, key string, k desk.KeptAnswer) {
	t.write(`update api_requests set status = @status, location = @location, etag = @etag, body = @body where desk_id = @desk and token_id = @token and key = @key`,
		args{"token": token, "key": key, "status": k.Status, "location": k.Location, "etag": k.ETag, "body": append([]byte{}, k.Body...)})
}

// DropRequest forgets a request that changed nothing, so that it can be sent anew.
func (t *Tx) DropRequest(token desk.ID, key string) {
	t.write(`delete from api_requests where desk_id = @desk and token_id = @token and key = @key and status is null`, args{"token": token, "key": key})
}
