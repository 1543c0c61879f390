package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"net/mail"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// replyEncoding writes what a mail server may fold to lower case.
var replyEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// replyMACLen is how much of the code stands in an address: 80 bits, guessed at one
// mail a time.
const replyMACLen = 10

// replyAddress is where the answer to a dossier goes that was mailed to a provider on
// another system: the address that letters come from, with the desk, the escalation
// and a code that only this installation can make. The desk stands there by its id,
// since a slug of 40 signs would not fit (RFC 5321 §4.5.3.1.1: 64 before the @).
func (s Sealer) replyAddress(from string, of desk.ID, e desk.Escalation) (string, error) {
	a, err := mail.ParseAddress(from)
	if err != nil {
		return "", err
	}
	at := strings.LastIndexByte(a.Address, '@')
	return "reply+" + replyEncoding.EncodeToString(of[:]) + "." + strconv.FormatInt(e.Number, 10) + "." + replyEncoding.EncodeToString(replyMAC(s.key, of, e)) + a.Address[at:], nil
}

func replyMAC(key [32]byte, of desk.ID, e desk.Escalation) []byte {
	m := hmac.New(sha256.New, key[:])
	m.Write([]byte("reply to an escalation "))
	m.Write(of[:])
	m.Write(e.ID[:])
	return m.Sum(nil)[:replyMACLen]
}

// replyTag is what such an address says, before anything is believed of it.
type replyTag struct {
	desk   desk.ID
	number int64
	mac    []byte
}

func readReplyTag(address string) (replyTag, bool) {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	tag, ok := strings.CutPrefix(local, "reply+")
	parts := strings.Split(tag, ".")
	if !ok || len(parts) != 3 {
		return replyTag{}, false
	}
	id, err1 := replyEncoding.DecodeString(parts[0])
	n, err2 := strconv.ParseInt(parts[1], 10, 64)
	mac, err3 := replyEncoding.DecodeString(parts[2])
	if err1 != nil || err2 != nil || err3 != nil || len(id) != len(desk.ID{}) || len(mac) != replyMACLen {
		return replyTag{}, false
	}
	return replyTag{desk.ID(id), n, mac}, true
}

// replyFits tells, in constant time, whether a code is of an escalation, made by
// today's key or an earlier one.
func (s Sealer) replyFits(t replyTag, e desk.Escalation) bool {
	fits := hmac.Equal(t.mac, replyMAC(s.key, t.desk, e))
	for _, key := range s.old {
		fits = hmac.Equal(t.mac, replyMAC(key, t.desk, e)) || fits
	}
	return fits
}

// RepliedTo finds the escalation that a reply address was made for. It never
// expires, and is worth nothing once the escalation has ended. Errors: ErrNotFound
// for any other address.
func (a *App) RepliedTo(ctx context.Context, address string) (d desk.Desk, e desk.Escalation, err error) {
	t, ok := readReplyTag(address)
	if !ok {
		return d, e, desk.ErrNotFound
	}
	if d, err = a.deskByID(ctx, t.desk); err != nil {
		return desk.Desk{}, e, err
	}
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
		e, err = tx.Escalation(t.number)
		return err
	})
	if err == nil && (!a.secrets.replyFits(t, e) || e.State == desk.EscalationEnded) {
		err = desk.ErrNotFound
	}
	if err != nil {
		return desk.Desk{}, desk.Escalation{}, err
	}
	return d, e, nil
}
