package desk

import (
	"slices"
	"strings"
	"time"
)

// Why an entry of a publisher's reply was not taken as it stands. Other reasons
// are a client's own words.
const (
	EntryOlder        = "older"         // than what is held
	EntryOtherContent = "other_content" // the same code and time of change, other words
	EntryOtherKind    = "other_kind"    // a message under the code of an issue, or the reverse
	EntryOtherService = "other_service" // another service under the same code
	EntryFuture       = "future"        // taken, by our own clock
	EntryTooMany      = "too_many"      // more than one reply may bring
)

// RefusedEntry is an entry that was not taken as it stood, and how often.
type RefusedEntry struct {
	Code   string    `json:"code"`
	Reason string    `json:"reason"`
	Count  int       `json:"count"`
	At     time.Time `json:"at"` // the last time
}

// mostRefused bounds what is remembered of entries that were not taken.
const mostRefused = 50

// Refuse remembers entries that were not taken, the newest first, each once with
// its count.
func Refuse(held []RefusedEntry, entries []Unread, now time.Time) []RefusedEntry {
	list := slices.Clone(held)
	for _, u := range entries {
		e := RefusedEntry{Code: cut(u.Code, 60), Reason: cut(u.Reason, 300), Count: 1, At: now}
		if i := slices.IndexFunc(list, func(r RefusedEntry) bool { return r.Code == e.Code && r.Reason == e.Reason }); i >= 0 {
			e.Count += list[i].Count
			list = slices.Delete(list, i, i+1)
		}
		list = slices.Insert(list, 0, e)
		list = list[:min(len(list), mostRefused)]
	}
	return list
}

// cut keeps the first characters of a text.
func cut(s string, most int) string {
	r := []rune(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", ""))
	return string(r[:min(len(r), most)])
}
