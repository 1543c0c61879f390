package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// struckStream is a stream in which some customers cannot read their mail, two minutes after one another.
func struckStream(id, weekday string, total int, customers int) string {
	tickets := make([]string, 0, customers)
	for n := range customers {
		tickets = append(tickets, fmt.Sprintf(`{"id":"%s-%d","t":%d,"customer":"C%d","region":"france","service":"Exchange Online","subject":"Plus de mails","body":"Plus personne n'accède à la messagerie, erreur 503","extra":[1]}`, id, n, 33_000+120*n, n))
	}
	return fmt.Sprintf(`{"stream_id":"%s","weekday":"%s","customers_total":%d,"tickets":[%s],"gold":{}}`, id, weekday, total, strings.Join(tickets, ","))
}

func incidentsIn(t *testing.T, lines ...string) (answers []foundLine, complaints string, err error) {
	t.Helper()
	var out, faults bytes.Buffer
	err = answerLines(t.Context(), longestStream, strings.NewReader(strings.Join(lines, "\n")), &out, &faults, streamLine)
	for line := range bytes.Lines(out.Bytes()) {
		var f foundLine
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatalf("answer %q: %v", line, err)
		}
		answers = append(answers, f)
	}
	return answers, faults.String(), err
}

func TestIncidentsAnswerInOrder(t *testing.T) {
	t.Parallel()
	got, complaints, err := incidentsIn(t, struckStream("S1", "Wed", 300, 5), struckStream("S2", "Thursday", 300, 2), `{"stream_id":"S3"}`, struckStream("S4", "", 8, 2))
	if err != nil || complaints != "" || len(got) != 4 {
		t.Fatalf("%v, %q, %+v", err, complaints, got)
	}
	one := got[0].Incidents
	if len(one) != 1 || one[0].Service != "Exchange Online" || one[0].Region == nil || *one[0].Region != "france" || one[0].Detected != 33_240 || one[0].Customers != 5 || len(one[0].Tickets) != 5 ||
		one[0].Certainty != "finding" || one[0].Why.Customers != 3 || !(one[0].Why.Probability < 0.001) {
		t.Errorf("S1: %+v", one)
	}
	if len(got[1].Incidents) > 0 || got[1].Incidents == nil || len(got[2].Incidents) > 0 {
		t.Errorf("S2 and S3: %+v", got[1:3])
	}
	if hint := got[3].Incidents; len(hint) != 1 || hint[0].Certainty != "hint" || !(hint[0].Why.FalsePerYear > 0) {
		t.Errorf("S4: %+v", hint)
	}
}

func TestIncidentsAnswerAllButTheBrokenLines(t *testing.T) {
	t.Parallel()
	one := func(ticket string) string { return `{"stream_id":"bad","tickets":[` + ticket + `]}` }
	lines := []string{
		"\ufeff" + struckStream("first", "Mon", 300, 3), `null`, `[]`, `{"stream_id":`, `{"stream_id":"bad","weekday":"Lundi"}`, one(`{"id":"a","t":NaN}`), one(`{"id":"a","t":1e300}`),
		one(`{"id":"a","t":"9:00"}`), one(`{"id":7}`), "", struckStream("last", "Sun", 0, 3),
	}
	got, complaints, err := incidentsIn(t, lines...)
	if !errors.Is(err, errUnread) || len(got) != 2 || got[0].ID != "first" || got[1].ID != "last" {
		t.Errorf("%v, %+v", err, got)
	}
	for _, want := range []string{"line 2: null is no stream", "line 3: ", "line 4: ", `line 5: "Lundi" is no weekday`, "line 6: ", "line 7: ticket 1: t is 1e+300", "line 8: ", "line 9: "} {
		if !strings.Contains(complaints, want) {
			t.Errorf("complaints lack %q:\n%s", want, complaints)
		}
	}
}

// Tickets that are hostile, or not in the order of their time, are answered all the same.
func TestIncidentsOfRoughStreams(t *testing.T) {
	t.Parallel()
	var s map[string]any
	if err := json.Unmarshal([]byte(struckStream("S", "Wed", 300, 9)), &s); err != nil {
		t.Fatal(err)
	}
	tickets := s["tickets"].([]any)
	slices.Reverse(tickets)
	huge := strings.Repeat("Outlook ist seit 9:00 tot! \u0000\u202e<script> ", 20_000)
	s["tickets"] = append(tickets, tickets[0], map[string]any{}, map[string]any{"id": "huge", "t": -5, "customer": "H", "region": huge, "service": huge, "subject": huge, "body": huge}, map[string]any{"id": "x", "t": 34_000.5, "region": "atlantis", "service": "Mail 9000"})
	line, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	got, complaints, err := incidentsIn(t, string(line))
	if err != nil || complaints != "" || len(got) != 1 || len(got[0].Incidents) != 1 || len(got[0].Incidents[0].Tickets) != 9 || got[0].Incidents[0].Detected != 33_240 {
		t.Errorf("%v, %q, %+v", err, complaints, got)
	}
}
