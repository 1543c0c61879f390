package app_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

func init() {
	maps.Copy(open, map[string]string{"SendPlanNotice": "worker", "CountRequest": "worker"})
}

// counted gives the desk a contract of three requests that answers in half an hour,
// and an escalation to be filed by it.
func (w *world) counted(t *testing.T) (plan desk.ID, number int64, f desk.Filing) {
	t.Helper()
	plan = made(w.AddPartnerPlan(t.Context(), w.one.admin, desk.PlanSettings{Name: "PSfP Europe", Kind: "psfp", Remaining: "3", Expires: "2026-03-20", Replies: map[string]string{"B": "30"}}, ""))
	number = w.begin(t, w.one, w.diagnosed(t, w.one, w.one.first.contact))
	return plan, number, desk.Filing{Request: "2603020050001234", Severity: "B", Anyway: true}
}

func (w *world) left(t *testing.T, plan desk.ID) int {
	t.Helper()
	return *made(w.PartnerPlan(t.Context(), w.one.admin, plan)).Remaining
}

func TestAFilingTakesOneOfThePlansRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plan, number, f := w.counted(t)
	if err := w.FileEscalation(t.Context(), w.one.agent, number, 0, f); err != nil {
		t.Fatal(err)
	}
	s := w.escalation(t, w.one, number)
	if s.Plan.ID != plan || !s.Plan.Counted || s.Plan.Replies["B"] != 30 || w.left(t, plan) != 2 {
		t.Errorf("filed by %+v, %d left", s.Plan, w.left(t, plan))
	}
	if s.ReplyDueAt == nil || s.ReplyDueAt.Sub(*s.FiledAt) != 30*time.Minute || len(s.ReplySum) != 1 || s.ReplySum[0].Minutes != 30 {
		t.Errorf("they answer by %v: %+v", s.ReplyDueAt, s.ReplySum)
	}
	// What the contract says later does not change what it said then.
	if err := w.SavePartnerPlan(t.Context(), w.one.admin, plan, 2, desk.PlanSettings{Name: "PSfP Europe", Kind: "psfp", Remaining: "2", Active: true}, "", false); err != nil {
		t.Fatal(err)
	}
	if s = w.escalation(t, w.one, number); len(s.ReplySum) != 1 || s.ReplySum[0].Minutes != 30 {
		t.Errorf("after the contract changed: %+v", s.ReplySum)
	}
	for range 2 { // a job that is late, twice
		if err := w.CountRequest(t.Context(), app.CountRequest{Desk: w.one.desk.ID, Escalation: s.ID}); err != nil || w.left(t, plan) != 2 {
			t.Errorf("counted again: %d left, %v", w.left(t, plan), err)
		}
	}
}

// Who works for a subcontractor changes no plan: a job of the desk takes the request
// that his filing used, once.
func TestASubcontractorsFilingIsCountedByTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plan, number, f := w.counted(t)
	n := w.outsource(t, w.one)
	n.save(t, w, func(s *desk.SubcontractorSettings) { s.Services = append(s.Services, "Planner") })
	if err := w.FileEscalation(t.Context(), w.acts(t, n.noe), number, 0, f); err != nil {
		t.Fatal(err)
	}
	s := w.escalation(t, w.one, number)
	if s.Plan.ID != plan || s.Plan.Counted || s.ReplyDueAt.Sub(*s.FiledAt) != 30*time.Minute || w.left(t, plan) != 3 {
		t.Errorf("filed by %+v, %d left", s.Plan, w.left(t, plan))
	}
	if jobs := w.count(t, `select count(*) from river.river_job where kind = 'count_request' and args->>'escalation' = $1`, s.ID.String()); jobs != 1 {
		t.Errorf("%d jobs count it", jobs)
	}
	for range 3 {
		if err := w.CountRequest(t.Context(), app.CountRequest{Desk: w.one.desk.ID, Escalation: s.ID}); err != nil {
			t.Fatal(err)
		}
	}
	if w.left(t, plan) != 2 {
		t.Errorf("%d left", w.left(t, plan))
	}
}

func TestTheEndOfAPlanIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.counted(t)
	notices := func() int {
		if err := w.FanOutAccess(t.Context(), app.WatchAccess{}); err != nil {
			t.Fatal(err)
		}
		return w.count(t, `select count(*) from river.river_job where kind = 'plan_notice'`)
	}
	if n := notices(); n != 2 { // a lead and an admin
		t.Fatalf("%d are told", n)
	}
	if n := notices(); n != 2 {
		t.Errorf("told again: %d", n)
	}
	var round string
	if err := w.sql(t).QueryRow(t.Context(), `select args->>'round' from river.river_job where kind = 'plan_notice' limit 1`).Scan(&round); err != nil {
		t.Fatal(err)
	}
	for _, to := range []desk.Actor{w.one.lead, w.one.admin} {
		if err := w.SendPlanNotice(t.Context(), app.PlanNotice{Desk: w.one.desk.ID, Round: made(desk.ParseID(round)), To: to.Person.ID, Letter: desk.NewID()}); err != nil {
			t.Fatal(err)
		}
	}
	letters := w.mail.Messages()
	if len(letters) != 2 || !strings.Contains(letters[0].Subject, "PSfP Europe") || !strings.Contains(letters[0].Text, "18") || strings.Contains(letters[0].Text, "plans.") {
		t.Fatalf("%+v", letters)
	}
	if both := letters[0].Text + letters[1].Text; !strings.Contains(both, "/one/escalations") || !strings.Contains(both, "/one/settings/plans") {
		t.Errorf("each to the page that he may open: %s", both)
	}
	w.clock.pass(12 * 24 * time.Hour)
	if n := notices(); n != 4 {
		t.Errorf("seven days before: %d", n)
	}
}
