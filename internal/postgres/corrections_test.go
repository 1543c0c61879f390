package postgres_test

import (
	"slices"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Of several corrections of a fact the newest holds, in the type that conditions
// know, until it is taken back.
func TestTheNewestCorrectionHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.one.first.ticket
	for n, c := range []struct{ fact, value string }{
		{"affected", "whole_tenant"}, {"similar", "7"}, {"said_outage", "false"}, {"ids", "EX1, EX2"}, {"similar", "0"}, {"region", ""},
	} {
		w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
			return tx.AddCorrection(made(desk.NewCorrection(k, w.one.agent.ID, c.fact, c.value, tx.Now.Add(time.Duration(n)*time.Second))))
		})
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		return tx.AddCorrection(made(desk.TakeBack(k, w.one.admin.ID, "said_outage", tx.Now.Add(time.Minute))))
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		held, err := tx.Corrections(k.ID)
		if len(held) != 4 || held[0].AuthorName != w.one.agent.Name || held[0].PersonID != w.one.agent.ID {
			t.Errorf("%+v", held)
		}
		m, err2 := tx.TriageMaterial(k)
		v := desk.SetRight(m.Corrected)
		if ids, _ := v["ids"].([]string); !slices.Equal(ids, []string{"EX1", "EX2"}) || v["affected"] != "whole_tenant" || v["similar"] != int64(0) || v["region"] != "" || len(v) != 4 {
			t.Errorf("triage takes %#v", v)
		}
		if m.Words != w.one.first.said.Body || len(m.Found) != 1 || m.Last.ID != w.one.first.ruled.ID || m.Version != 1 || m.Ranked {
			t.Errorf("material %+v", m)
		}
		if err2 != nil {
			return err2
		}
		return err
	})
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		tx.AddEvent(desk.NewEvent(k, desk.Nobody, desk.EventPriority, nil, tx.Now)) // no person's
		m, err := tx.TriageMaterial(k)
		tx.AddEvent(desk.NewEvent(k, w.one.agent.ID, desk.EventPriority, nil, tx.Now))
		later, err2 := tx.TriageMaterial(k)
		if err != nil || err2 != nil || m.Ranked || !later.Ranked {
			t.Errorf("ranked by hand: %v, then %v (%v, %v)", m.Ranked, later.Ranked, err, err2)
		}
		return nil
	})
}

func TestAVerdictIsKeptUpWithItsFacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.one.first.ruled
	d.Verdict.Facts, d.Verdict.Ruleset = []desk.Known{{Name: "similar", Value: int64(3)}}, 4
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		tx.SaveVerdict(d)
		got, err := tx.Decision(d.TicketID)
		if got.ID != d.ID || got.Verdict.Ruleset != 4 || len(got.Verdict.Facts) != 1 || got.Verdict.Facts[0].Value != int64(3) {
			t.Errorf("%+v", got)
		}
		return err
	})
}

func TestTagsAndTeamNarrowTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBoard(t, w)
	one, two := b.blank(b.first), b.blank(b.second)
	one.Tags, one.Team, two.Tags = []string{"network"}, "Network", []string{"network", "vip"}
	one.Subject, two.Subject = "one", "two"
	b.put(t, b.first, one, two)
	for name, c := range map[string]struct {
		filter desk.QueueFilter
		want   []string
	}{
		"a tag":          {desk.QueueFilter{Tag: "network"}, []string{"one", "two"}},
		"another":        {desk.QueueFilter{Tag: "vip"}, []string{"two"}},
		"a team":         {desk.QueueFilter{Team: "Network"}, []string{"one"}},
		"both":           {desk.QueueFilter{Tag: "vip", Team: "Network"}, nil},
		"part of a tag":  {desk.QueueFilter{Tag: "net"}, nil},
		"nobody's words": {desk.QueueFilter{Tag: `{},"`, Team: `'`}, nil},
	} {
		c.filter.View = desk.ViewAll
		rows, _ := b.queue(t, c.filter, b.agent)
		var got []string
		for _, r := range rows {
			got = append(got, r.Subject)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s finds %v, want %v", name, got, c.want)
		}
	}
	rows, _ := b.queue(t, desk.QueueFilter{View: desk.ViewAll, Team: "Network"}, b.agent)
	if len(rows) == 1 && (!slices.Equal(rows[0].Tags, one.Tags) || rows[0].Team != "Network") {
		t.Errorf("a row tells %v, %q", rows[0].Tags, rows[0].Team)
	}
	w.update(t, b.scope(), func(tx *postgres.Tx) error {
		k, err := tx.LockTicket(rows[0].Number, b.agent)
		k.Tags, k.Team = nil, ""
		tx.SaveTicket(k)
		again, err2 := tx.Ticket(k.Number, b.agent)
		if err != nil || err2 != nil || len(again.Tags) != 0 || again.Team != "" {
			t.Errorf("%+v (%v, %v)", again, err, err2)
		}
		return nil
	})
}
