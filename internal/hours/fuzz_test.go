package hours

import (
	"encoding/json"
	"errors"
	"testing"
	"time"
)

// Whatever is written for a calendar is refused with a reason or answers without end and without contradiction.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"zone":"Europe/Paris","weekly":{"mon":["08:30-12:30","13:30-18:00"],"fri":["22:00-02:00"]},"closed":["2026-12-24"],"open":{"2026-12-26":["10:00-12:00"]},"holidays":"FR"}`,
		`{"zone":"America/Santiago","weekly":{"sat":["00:00-24:00"]},"closed":["2026-04-04"]}`,
		`{"zone":"UTC"}`, `{"zone":"Local"}`, `{"zone":"Asia/Kolkata","weekly":{"mon":["00:00-00:00"]}}`, `{"zone":"UTC","holidays":"GB-SCT","closed":["0000-02-29","9999-12-31"]}`,
	} {
		f.Add(seed, int64(1_790_000_000), int64(480))
	}
	f.Fuzz(func(t *testing.T, text string, unix, minutes int64) {
		var s Spec
		if json.Unmarshal([]byte(text), &s) != nil {
			return
		}
		c, err := Parse(s)
		if err != nil {
			var wrong *SpecError
			if !errors.As(err, &wrong) || reasons[wrong.Key] == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		from := time.Unix(unix%4e9, 0)
		d := time.Duration(minutes%1e5) * time.Minute
		at, sum, err := c.Add(from, d)
		if err != nil {
			return
		}
		if sum.Total() != d || c.Elapsed(from, at) != d || at.Before(from) {
			t.Fatalf("%s from %v: %v by %v, sum %v", text, from, d, at, sum.Total())
		}
		c.Explain(sum)
		c.Open(from)
		if at.Sub(from) < stretchDays*24*time.Hour {
			var whole time.Duration
			list, err := c.Stretches(from, at)
			for _, s := range list {
				whole += s.Duration()
			}
			if err != nil || whole != at.Sub(from) {
				t.Fatalf("%s: stretches of %v in %v, %v", text, whole, at.Sub(from), err)
			}
		}
	})
}
