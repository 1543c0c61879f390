package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// stoppable are the topics that a letter's link turns off; their places stand in tokens
// and stay as they are.
var stoppable = []desk.LetterTopic{desk.LettersMine, desk.LettersAssigned, desk.LettersFollowed, desk.LettersIssues, desk.LettersWarnings, desk.LettersDailySum}

// stopLife is how long such a link works: whoever turns letters off does so on one of
// the last that he had.
const stopLife = 180 * 24 * time.Hour

// stopTag is what a link says, before anything is believed of it.
type stopTag struct {
	person desk.ID
	topic  desk.LetterTopic
	day    uint16 // since 1970, on which its letter was written
	mac    []byte
}

const stopTagLen = 16 + 1 + 2

// stopToken is the signed part of a link. It works for who has the address that its
// letter went to, at the desk that wrote it, and may do nothing but turn these letters
// off.
func (s Sealer) stopToken(at desk.ID, p desk.Person, topic desk.LetterTopic, now time.Time) string {
	t := stopTag{person: p.ID, topic: topic, day: uint16(now.Unix() / 86400)}
	return base64.RawURLEncoding.EncodeToString(append(t.bytes(), stopMAC(s.key, at, p.Email, t)...))
}

func (t stopTag) bytes() []byte {
	b := append(slices.Clone(t.person[:]), byte(slices.Index(stoppable, t.topic)))
	return binary.BigEndian.AppendUint16(b, t.day)
}

func stopMAC(key [32]byte, at desk.ID, email string, t stopTag) []byte {
	m := hmac.New(sha256.New, key[:])
	m.Write([]byte("no more letters "))
	m.Write(at[:])
	m.Write(t.bytes())
	m.Write([]byte(strings.ToLower(email)))
	return m.Sum(nil)[:16]
}

func readStopToken(token string) (t stopTag, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != stopTagLen+16 || int(b[16]) >= len(stoppable) {
		return t, false
	}
	return stopTag{person: desk.ID(b[:16]), topic: stoppable[b[16]], day: binary.BigEndian.Uint16(b[17:]), mac: b[stopTagLen:]}, true
}

// stopFits tells, in constant time, whether we made a token for a person.
func (s Sealer) stopFits(t stopTag, at desk.ID, email string) bool {
	fits := hmac.Equal(t.mac, stopMAC(s.key, at, email, t))
	for _, key := range s.old {
		fits = hmac.Equal(t.mac, stopMAC(key, at, email, t)) || fits
	}
	return fits
}

// stopPath is the page that turns letters like this one off, "" for those that always
// arrive.
func (a *App) stopPath(l mail.Letter) string {
	t := topic(l.Kind, l.Ticket, l.To.ID)
	if l.Kind == mail.Daily {
		t = desk.LettersDailySum
	}
	if t == desk.AlwaysTold {
		return ""
	}
	return "/" + l.Desk.Slug + "/letters/" + a.secrets.stopToken(l.Desk.ID, l.To, t, l.Written)
}

// LettersToStop tells which letters a link would turn off, and of whom, and changes
// nothing. Errors: ErrNotFound for a link that we did not make, for an old one, and for
// one to an address that is no more its person's.
func (a *App) LettersToStop(ctx context.Context, d desk.Desk, token string) (t desk.LetterTopic, p desk.Person, err error) {
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
		t, p, err = a.stopped(tx, d, token)
		return err
	})
	return t, p, err
}

func (a *App) stopped(tx *postgres.Tx, d desk.Desk, token string) (desk.LetterTopic, desk.Person, error) {
	t, ok := readStopToken(token)
	if !ok || tx.Now.Sub(time.Unix(int64(t.day)*86400, 0)) > stopLife {
		return "", desk.Person{}, desk.ErrNotFound
	}
	p, err := tx.Person(t.person)
	if err == nil && (!p.Active || !a.secrets.stopFits(t, d.ID, p.Email)) {
		err = desk.ErrNotFound
	}
	if err != nil {
		return "", desk.Person{}, err
	}
	return t.topic, p, nil
}

// StopLetters turns letters off, for good or until their reader chooses otherwise. Once
// they are, it does nothing. Errors: as LettersToStop.
func (a *App) StopLetters(ctx context.Context, d desk.Desk, token string) (t desk.LetterTopic, p desk.Person, err error) {
	err = a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		tag, ok := readStopToken(token)
		if !ok {
			return desk.ErrNotFound
		}
		if err := tx.Hold(tag.person); err != nil {
			return err
		}
		if t, p, err = a.stopped(tx, d, token); err != nil {
			return err
		}
		p.Letters = p.Letters.Without(t)
		return tx.SavePerson(p)
	})
	if err == nil {
		a.people.Delete(readerOf{d.ID, p.ID})
	} else if errors.Is(err, desk.ErrNotFound) {
		return "", desk.Person{}, desk.ErrNotFound
	}
	return t, p, err
}
