package app_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Circle":        {func(w *world, who desk.Actor, _ int64) error { _, _, err := w.Circle(bg, who); return err }, admins},
		"JoinCircle":    {func(w *world, who desk.Actor, _ int64) error { return w.JoinCircle(bg, who) }, admins},
		"LeaveCircle":   {func(w *world, who desk.Actor, _ int64) error { return w.LeaveCircle(bg, who) }, admins},
		"SeenElsewhere": {func(w *world, who desk.Actor, _ int64) error { _, err := w.SeenElsewhere(bg, who); return err }, agents},
	})
	maps.Copy(open, map[string]string{"FanOutCircle": "worker", "TellCircle": "worker"})
}

func (w *world) stage(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := w.sql(t).Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (w *world) join(t *testing.T, o office) {
	t.Helper()
	if err := postgres.LetIntoCircle(t.Context(), w.owner, o.desk.Slug); err != nil {
		t.Fatal(err)
	}
	if err := w.JoinCircle(t.Context(), o.admin); err != nil {
		t.Fatal(err)
	}
}

// complain has a customer's person tell of a problem.
func (w *world) complain(t *testing.T, who desk.Actor, service, region string) int64 {
	t.Helper()
	return w.submit(t, who, desk.Submission{Kind: "problem", Subject: "Messages arrive late", Body: "All of us have waited for messages since this morning.",
		Service: service, Region: region, Impact: "stopped", Affected: "whole_tenant"})
}

func TestADeskTellsTheCircle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.JoinCircle(t.Context(), w.one.admin); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a desk that was not let in joins: %v", err)
	}
	round := app.CircleRound{Desk: w.one.desk.ID}
	w.complain(t, w.one.first.contact, "Exchange Online", "France")
	w.complain(t, w.one.first.other, "Exchange Online", "Paris")
	ended := w.complain(t, w.one.second.contact, "Microsoft Teams", "")
	w.complain(t, w.one.second.contact, "Exchange Online", "from our own cellar")
	w.submit(t, w.one.second.contact, desk.Submission{Kind: "question", Subject: "How do I share a calendar?", Body: "In Outlook.", Service: "Exchange Online", Region: "France", Impact: "minor"})
	if err := w.CloseTicket(t.Context(), w.one.second.contact, ended); err != nil {
		t.Fatal(err)
	}
	if err := w.TellCircle(t.Context(), round); err != nil || w.count(t, `select count(*) from circle_counts`) != 0 {
		t.Errorf("a desk outside the circle tells something (%v)", err)
	}
	w.join(t, w.one)
	for range 2 { // a round worked again
		if err := w.TellCircle(t.Context(), round); err != nil {
			t.Fatal(err)
		}
	}
	want := []desk.CircleCount{{Service: "Exchange Online", Customers: 1}, {Service: "Exchange Online", Region: "france", Customers: 1}}
	seat, told, err := w.Circle(t.Context(), w.one.admin)
	if err != nil || !reflect.DeepEqual(told, want) || !seat.Joined() || seat.JoinedBy != w.one.admin.Person.Name {
		t.Errorf("it tells %+v from %+v, want %+v (%v)", told, seat, want, err)
	}
	w.clock.pass(desk.CircleWindow + time.Minute)
	if err := w.TellCircle(t.Context(), round); err != nil {
		t.Fatal(err)
	}
	if _, told, err := w.Circle(t.Context(), w.one.admin); err != nil || len(told) != 0 {
		t.Errorf("an hour later it tells %+v (%v)", told, err)
	}
	if err := w.LeaveCircle(t.Context(), w.one.admin); err != nil || w.count(t, `select count(*) from circle_counts`) != 0 {
		t.Errorf("what it told stays when it leaves (%v)", err)
	}
	if seat, _, err := w.Circle(t.Context(), w.one.admin); err != nil || seat.Joined() || !seat.Let() {
		t.Errorf("having left it stands at %+v (%v)", seat, err)
	}
}

func TestOneDesksRoundStopsNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, o := range []office{w.one, w.two} {
		w.join(t, o)
		w.complain(t, o.first.contact, "Exchange Online", "France")
	}
	w.stage(t, fmt.Sprintf(`create function broken() returns trigger language plpgsql as $$ begin raise 'broken'; end $$;
		create trigger broken before insert on circle_counts for each row when (new.desk_id = '%[1]s') execute function broken();
		create trigger broken before insert on river.river_job for each row when (new.kind = 'circle_round' and new.args ->> 'desk' = '%[1]s') execute function broken()`, w.one.desk.ID))
	if err := w.FanOutCircle(t.Context(), app.CircleRounds{}); err == nil {
		t.Error("a desk whose round could not be ordered is passed over in silence")
	}
	if n := w.count(t, `select count(*) from river.river_job where kind = 'circle_round' and args ->> 'desk' = $1`, w.two.desk.ID.String()); n != 1 {
		t.Errorf("%d rounds of the other are ordered", n)
	}
	bad, good := w.TellCircle(t.Context(), app.CircleRound{Desk: w.one.desk.ID}), w.TellCircle(t.Context(), app.CircleRound{Desk: w.two.desk.ID})
	if n := w.count(t, `select count(*) from circle_counts where customers > 0`); bad == nil || good != nil || n != 1 {
		t.Errorf("the broken one says %v, the other %v, and %d rows are told", bad, good, n)
	}
}

func TestSeenElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	three, four := w.open(t, "three", "fr"), w.open(t, "four", "fr")
	all := []office{w.one, w.two, three, four}
	for _, o := range all {
		w.join(t, o)
	}
	w.stage(t, `update circle set joined_at = joined_at - interval '1 hour'`)
	for _, o := range all[1:] {
		w.complain(t, o.first.contact, "Exchange Online", "France")
		w.complain(t, o.second.contact, "Exchange Online", "Lyon, France")
		if err := w.TellCircle(t.Context(), app.CircleRound{Desk: o.desk.ID}); err != nil {
			t.Fatal(err)
		}
	}
	w.stage(t, `update circle_counts set at = at - interval '5 minutes'`)
	list, err := w.SeenElsewhere(t.Context(), w.one.agent)
	if err != nil || len(list) != 1 || list[0].Service != "Exchange Online" || list[0].Region != "france" || list[0].AtLeast != 5 || list[0].Since.Minute()%15 != 0 {
		t.Fatalf("desk one is told %+v (%v)", list, err)
	}
	if list, err := w.SeenElsewhere(t.Context(), w.two.agent); err != nil || len(list) != 0 {
		t.Errorf("desk two, of whose others only two complain, is told %+v (%v)", list, err)
	}
	if _, err := w.SeenElsewhere(t.Context(), lent(w.one.agent)); !errors.Is(err, desk.ErrForbidden) {
		t.Errorf("a subcontractor's person asks: %v", err)
	}
	w.stage(t, `delete from circle_counts`)
	if list, _ := w.SeenElsewhere(t.Context(), w.one.agent); len(list) != 1 {
		t.Error("the answer is not remembered")
	}
	w.clock.pass(time.Minute)
	if list, err := w.SeenElsewhere(t.Context(), w.one.agent); err != nil || len(list) != 0 {
		t.Errorf("a minute later it is %+v (%v)", list, err)
	}
}

// lent is an agent as if a subcontractor had sent him.
func lent(who desk.Actor) desk.Actor {
	who.Person.SubcontractorID = desk.NewID()
	return who
}
