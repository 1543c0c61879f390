package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

// answered runs the command over some lines and returns what it says and its complaints.
func answered(t *testing.T, lines ...string) (answers, complaints string, err error) {
	t.Helper()
	var out, faults bytes.Buffer
	err = answerLines(t.Context(), maxLine, strings.NewReader(strings.Join(lines, "\n")), &out, &faults, hoursLine)
	return out.String(), faults.String(), err
}

const lyon = `"calendar":{"zone":"Europe/Paris","weekly":{"mon":["08:30-12:30","13:30-18:00"],"fri":["08:30-12:30","13:30-18:00","22:00-02:00"],"sat":["20:00-24:00"]},` +
	`"holidays":"FR","closed":["2026-12-24"],"open":{"2026-12-26":["10:00-12:00"]}}`

func TestHoursAnswersInOrder(t *testing.T) {
	t.Parallel()
	got, complaints, err := answered(t,
		`{"id":"h1",`+lyon+`,"from":"2026-03-27T16:45:00+01:00","add_minutes":480,"unknown":[1]}`,
		`{"id":"h2",`+lyon+`,"from":"2026-12-24T12:00:00+01:00","to":"2026-12-28T09:00:00Z"}`,
		`{"id":"h3",`+lyon+`,"from":"2026-03-30T06:30:00Z","add_minutes":0.5}`,
		`{"id":"<h4>",`+lyon+`,"from":"2026-03-28T03:00:00+01:00","add_minutes":0}`,
		`{`+lyon+`,"from":"2026-03-30T08:30:00+02:00","to":"2026-03-29T08:30:00+02:00","add_minutes":null}`)
	if err != nil || complaints != "" {
		t.Fatalf("%v, %q", err, complaints)
	}
	want := `{"id":"h1","deadline":"2026-03-28T22:45:00+01:00","sum":[` +
		`{"date":"2026-03-27","from":"2026-03-27T16:45:00+01:00","to":"2026-03-27T18:00:00+01:00","minutes":75},` +
		`{"date":"2026-03-27","from":"2026-03-27T22:00:00+01:00","to":"2026-03-28T02:00:00+01:00","minutes":240},` +
		`{"date":"2026-03-28","from":"2026-03-28T20:00:00+01:00","to":"2026-03-28T22:45:00+01:00","minutes":165}]}
{"id":"h2","minutes":210,"sum":[` +
		`{"date":"2026-12-26","from":"2026-12-26T10:00:00+01:00","to":"2026-12-26T12:00:00+01:00","minutes":120},` +
		`{"date":"2026-12-28","from":"2026-12-28T08:30:00+01:00","to":"2026-12-28T10:00:00+01:00","minutes":90}]}
{"id":"h3","deadline":"2026-03-30T08:30:30+02:00","sum":[{"date":"2026-03-30","from":"2026-03-30T08:30:00+02:00","to":"2026-03-30T08:30:30+02:00","minutes":0.5}]}
{"id":"<h4>","deadline":"2026-03-28T03:00:00+01:00","sum":[]}
{"id":"","minutes":0,"sum":[]}
`
	if got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
}

// The line that the contract shows: Friday's night runs into a Saturday that is open all day.
func TestHoursAnswersTheExample(t *testing.T) {
	t.Parallel()
	got, complaints, err := answered(t, `{"id":"h1","calendar":{"zone":"Europe/Paris","weekly":{"mon":["08:30-12:30","13:30-18:00"],"fri":["22:00-02:00"],"sat":["00:00-24:00"]},`+
		`"holidays":"FR","closed":["2026-12-24"],"open":{"2026-12-26":["10:00-12:00"]}},"from":"2026-03-27T16:45:00+01:00","add_minutes":480}`)
	want := `{"id":"h1","deadline":"2026-03-28T06:00:00+01:00","sum":[` +
		`{"date":"2026-03-27","from":"2026-03-27T22:00:00+01:00","to":"2026-03-28T02:00:00+01:00","minutes":240},` +
		`{"date":"2026-03-28","from":"2026-03-28T02:00:00+01:00","to":"2026-03-28T06:00:00+01:00","minutes":240}]}` + "\n"
	if err != nil || complaints != "" || got != want {
		t.Errorf("%s%s%v, want\n%s", got, complaints, err, want)
	}
}

func TestHoursAnswersAllButTheBrokenLines(t *testing.T) {
	t.Parallel()
	good := func(id string) string {
		return `{"id":"` + id + `",` + lyon + `,"from":"2026-03-27T16:45:00+01:00","add_minutes":1}`
	}
	bad := func(rest string) string { return `{"id":"bad",` + rest + `}` }
	const from = `"from":"2026-03-27T16:45:00+01:00"`
	lines := []string{
		"\ufeff" + good("1"), `{"id":`, `null`, `[]`, `"hello"`, bad(lyon + "," + from), bad(lyon + `,"add_minutes":1`), bad(from + `,"add_minutes":1`),
		bad(lyon + "," + from + `,"add_minutes":1,"to":"2026-03-28T00:00:00Z"`), bad(lyon + "," + from + `,"add_minutes":-1`),
		bad(lyon + "," + from + `,"add_minutes":1e300`), bad(lyon + "," + from + `,"add_minutes":1e999`), bad(lyon + "," + from + `,"add_minutes":"60"`),
		bad(lyon + "," + from + `,"add_minutes":NaN`), bad(lyon + `,"from":"2026-03-27T16:45:00","add_minutes":1`),
		bad(lyon + `,"from":"2026-02-30T16:45:00Z","add_minutes":1`), bad(lyon + "," + from + `,"to":"9999-01-01T00:00:00Z"`),
		bad(`"calendar":{"zone":"Europe/Paris"},` + from + `,"add_minutes":1`), bad(`"calendar":{"zone":"Europe/Paris"},` + from + `,"to":"2027-01-01T00:00:00Z"`),
		bad(`"calendar":{"zone":"UTC","open":{"2020-01-01":["08:00-09:00"]}},` + from + `,"add_minutes":1`),
		bad(`"calendar":{"zone":"Europe/Lyon"},` + from + `,"add_minutes":1`), bad(`"calendar":{"zone":"UTC","holidays":"ZZ"},` + from + `,"add_minutes":1`),
		strings.Repeat(" ", maxLine+1), good(strings.Repeat("x", 100_000)), strings.Repeat("x", 3*maxLine), "", good("last"),
	}
	got, complaints, err := answered(t, lines...)
	if !errors.Is(err, errUnread) {
		t.Errorf("error %v, want %v", err, errUnread)
	}
	if n := strings.Count(got, "\n"); n != 3 || strings.Contains(got, "bad") || !strings.HasPrefix(got, `{"id":"1"`) || !strings.Contains(got, `{"id":"last"`) {
		t.Errorf("%d answers: %.300s", n, got)
	}
	if n := strings.Count(complaints, "\n"); n != len(lines)-4 {
		t.Errorf("%d complaints of %d lines:\n%s", n, len(lines), complaints)
	}
	for _, want := range []string{
		"line 2: ", "line 6: either add_minutes or to, and not both", "line 7: no from", "line 8: no calendar", "line 9: either", "line 10: add_minutes is -1",
		"line 11: add_minutes is 1e+300", `line 15: "2026-03-27T16:45:00" is no instant`, "line 17: more than a hundred years", "line 18: hours: the calendar is never open",
		"line 19: hours: the calendar is never open", "line 20: hours: the calendar is never open", `line 21: calendar: zone "Europe/Lyon": no such time zone`,
		`line 22: calendar: holidays "ZZ"`, "line 23: longer than", "line 25: longer than",
	} {
		if !strings.Contains(complaints, want) {
			t.Errorf("complaints lack %q:\n%s", want, complaints)
		}
	}
}

// FuzzHoursLine: whatever a line holds, it is refused or answered with a sum that adds up.
func FuzzHoursLine(f *testing.F) {
	f.Add(`{"id":"h1",` + lyon + `,"from":"2026-03-27T16:45:00+01:00","add_minutes":480}`)
	f.Add(`{"id":"h2",` + lyon + `,"from":"2026-12-24T12:00:00+01:00","to":"2026-12-28T09:00:00Z"}`)
	f.Add(`{"calendar":{"zone":"UTC","weekly":{"mon":["00:00-24:00"]}},"from":"0000-01-01T00:00:00Z","to":"0099-01-01T00:00:00Z"}`)
	f.Fuzz(func(t *testing.T, line string) {
		var out bytes.Buffer
		if hoursLine([]byte(line), json.NewEncoder(&out)) != nil {
			return
		}
		var answer struct {
			Deadline *time.Time
			Minutes  *float64
			Sum      []struct {
				From, To time.Time
				Minutes  float64
			}
		}
		if err := json.Unmarshal(out.Bytes(), &answer); err != nil || (answer.Deadline == nil) == (answer.Minutes == nil) || answer.Sum == nil {
			t.Fatalf("%s: %s, %v", line, out.String(), err)
		}
		total := 0.0
		for i, b := range answer.Sum {
			if total += b.Minutes; !b.From.Before(b.To) || i > 0 && b.From.Before(answer.Sum[i-1].To) {
				t.Fatalf("%s: block %d of %s", line, i, out.String())
			}
		}
		if answer.Minutes != nil && (total-*answer.Minutes > 1e-3 || *answer.Minutes-total > 1e-3) {
			t.Fatalf("%s: %v minutes in all, %v told", line, total, *answer.Minutes)
		}
	})
}
