package postgres_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// Page by page, by cursors as addresses carry them, the queue shows every row
// once and in order, however many are equal.
func TestQueuePagesCoverEveryRowOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(r *rapid.T) {
		b := freshBoard(r, w)
		tickets := b.put(r, b.first, drawTickets(r, b)...)
		for _, view := range []desk.View{desk.ViewAll, desk.ViewEnded} {
			f := desk.QueueFilter{View: view, Sort: rapid.SampledFrom(append(desk.Sorts, "", "nonsense")).Draw(r, "sort")}
			by := byDue
			switch {
			case view == desk.ViewEnded || f.Sort == "activity":
				by = byActivity
			case f.Sort == "priority":
				by = byPriority
			}
			want := kept(tickets, func(k desk.Ticket) bool { return k.State.Ended() == (view == desk.ViewEnded) }, by)
			got := walk(r, func(after desk.Cursor) ([]desk.Row, desk.Cursor) {
				f.After = after
				return b.queue(r, f, b.agent)
			})
			if !slices.Equal(got, want) {
				r.Fatalf("%s by %q shows %d rows in this order:\n%v\nwant %d:\n%v", view, f.Sort, len(got), got, len(want), want)
			}
		}
	})
}

// A contact's list is his own and what he follows; a manager's the company's.
func TestCustomerListsCoverEveryRowOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(r *rapid.T) {
		b := freshBoard(r, w)
		tickets := drawTickets(r, b)
		follows := map[desk.ID]bool{}
		for i := range tickets {
			tickets[i].RequesterID = rapid.SampledFrom([]desk.Person{b.first.contact, b.first.other, b.first.manager}).Draw(r, "requester").ID
			follows[tickets[i].ID] = rapid.IntRange(0, 3).Draw(r, "follows") == 0
		}
		b.put(r, b.first, tickets...)
		err := b.db.Update(bg, b.scope(), func(tx *postgres.Tx) error {
			for _, k := range tickets {
				if !follows[k.ID] {
					continue
				}
				if _, err := tx.Follow(k, b.first.contact.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			r.Fatal(err)
		}
		f := desk.TicketFilter{Which: rapid.SampledFrom([]string{"", "open", "ended", "all"}).Draw(r, "which"), Mine: rapid.Bool().Draw(r, "mine")}
		who := rapid.SampledFrom([]desk.Person{b.first.contact, b.first.manager}).Draw(r, "who")
		want := kept(tickets, func(k desk.Ticket) bool {
			own := who.Role == desk.Manager && !f.Mine || k.RequesterID == who.ID || who.ID == b.first.contact.ID && follows[k.ID]
			return own && (f.Which == "all" || k.State.Ended() == (f.Which == "ended"))
		}, byActivity)
		got := walk(r, func(after desk.Cursor) (rows []desk.Row, next desk.Cursor) {
			f.After = after
			err := b.db.View(bg, b.scopeOf(b.first), func(tx *postgres.Tx) (err error) {
				rows, next, err = tx.CustomerTickets(f, who)
				return err
			})
			if err != nil {
				r.Fatal(err)
			}
			return rows, next
		})
		if !slices.Equal(got, want) {
			r.Fatalf("a %s lists %d (%+v), want %d", who.Role, len(got), f, len(want))
		}
	})
}

func TestViewsHoldWhatTheyAreNamedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBoard(t, w)
	soon, later := b.now.Add(3*time.Hour), b.now.Add(30*time.Hour)
	named := map[string]desk.Ticket{}
	shape := func(name string, f func(*desk.Ticket)) {
		k := b.blank(b.second)
		k.Subject = name
		f(&k)
		named[name] = b.put(t, b.second, k)[0]
	}
	shape("mine, due soon", func(k *desk.Ticket) { k.AssigneeID = b.agent.ID; k.Promise(desk.NextReply, b.now, soon) })
	shape("free, due later", func(k *desk.Ticket) { k.State = desk.New; k.Promise(desk.FirstReply, b.now, later) })
	shape("late", func(k *desk.Ticket) {
		k.AssigneeID = b.admin.ID
		k.Promise(desk.NextReply, b.now, b.now.Add(-time.Hour))
	})
	shape("with the customer", func(k *desk.Ticket) { k.State, k.AssigneeID = desk.WaitingCustomer, b.admin.ID })
	shape("with Microsoft", func(k *desk.Ticket) {
		k.State, k.AssigneeID, k.Outcome = desk.WaitingMicrosoft, b.admin.ID, rules.Microsoft
	})
	shape("with a provider", func(k *desk.Ticket) { k.State, k.AssigneeID = desk.WaitingThirdParty, b.admin.ID })
	shape("unclear", func(k *desk.Ticket) { k.AssigneeID, k.Outcome = b.admin.ID, rules.NeedsInfo })
	ended := b.now
	shape("resolved, mine", func(k *desk.Ticket) { k.State, k.AssigneeID, k.EndedAt = desk.Resolved, b.agent.ID, &ended })
	shape("closed", func(k *desk.Ticket) { k.State, k.EndedAt = desk.Closed, &ended })
	want := map[desk.View][]string{
		desk.ViewTodo:              {"free, due later", "late", "mine, due soon", "unclear"},
		desk.ViewMine:              {"mine, due soon"},
		desk.ViewUnassigned:        {"free, due later"},
		desk.ViewDue:               {"late", "mine, due soon"},
		desk.ViewNeedsInfo:         {"unclear"},
		desk.ViewMicrosoft:         {"with Microsoft"},
		desk.ViewWaitingCustomer:   {"with the customer"},
		desk.ViewWaitingMicrosoft:  {"with Microsoft"},
		desk.ViewWaitingThirdParty: {"with a provider"},
		desk.ViewAll:               {"free, due later", "late", "mine, due soon", "unclear", "with Microsoft", "with a provider", "with the customer"},
		desk.ViewEnded:             {"closed", "resolved, mine"},
	}
	for _, v := range desk.Views() {
		got := subjects(b, t, desk.QueueFilter{View: v, Customer: b.second.ID, Text: ""})
		got = slices.DeleteFunc(got, func(s string) bool { return named[s].ID == desk.Nobody }) // what the world came with
		slices.Sort(got)
		if !slices.Equal(got, want[v]) {
			t.Errorf("%s holds %q, want %q", v, got, want[v])
		}
		if v == desk.ViewEnded {
			continue
		}
		w.view(t, b.scope(), func(tx *postgres.Tx) error {
			rows, _, err := tx.Queue(desk.QueueFilter{View: v}, b.agent)
			if err != nil {
				return err
			}
			if n, err := tx.Count(v, b.agent); n != len(rows) || err != nil {
				t.Errorf("%s counts %d of %d (%v)", v, n, len(rows), err)
			}
			return nil
		})
	}
}

func TestFiltersNarrow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBoard(t, w)
	odd := []string{`100% sure`, `100 percent`, `snake_case`, `snakeXcase`, `it's "quoted"`, `back\slash`, `Ünïcode ÉTÉ`}
	var tickets []desk.Ticket
	for _, s := range odd {
		k := b.blank(b.second)
		k.Subject = s
		tickets = append(tickets, k)
	}
	tickets[0].Service, tickets[0].Priority, tickets[0].Outcome, tickets[0].State = "Microsoft Teams", 1, rules.Microsoft, desk.WaitingMicrosoft
	b.put(t, b.second, tickets...)
	for _, c := range []struct {
		name string
		f    desk.QueueFilter
		want []string
	}{
		{"service", desk.QueueFilter{Service: "Microsoft Teams"}, odd[:1]},
		{"priority", desk.QueueFilter{Priority: 1}, odd[:1]},
		{"outcome", desk.QueueFilter{Outcome: rules.Microsoft}, odd[:1]},
		{"state", desk.QueueFilter{State: desk.WaitingMicrosoft}, odd[:1]},
		{"per cent", desk.QueueFilter{Text: "100%"}, odd[:1]},
		{"underscore", desk.QueueFilter{Text: "snake_case"}, odd[2:3]},
		{"quote", desk.QueueFilter{Text: `it's "`}, odd[4:5]},
		{"injection", desk.QueueFilter{Text: `' or 1=1 --`}, nil},
		{"backslash", desk.QueueFilter{Text: `back\s`}, odd[5:6]},
		{"a lone backslash", desk.QueueFilter{Text: `\`}, odd[5:6]},
		{"case and accents", desk.QueueFilter{Text: "ünïcode été"}, odd[6:]},
		{"customer's name", desk.QueueFilter{Text: "secon", Priority: 1}, odd[:1]},
		{"both", desk.QueueFilter{Priority: 3, Service: "Microsoft Teams"}, nil},
		{"an ended state in an open view", desk.QueueFilter{State: desk.Closed}, nil},
	} {
		c.f.View = desk.ViewAll
		if got := subjects(b, t, c.f); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for _, text := range []string{"#101", "101", " 101 "} {
		rows, _ := b.queue(t, desk.QueueFilter{View: desk.ViewAll, Text: text}, b.agent)
		if len(rows) != 1 || rows[0].Number != 101 {
			t.Errorf("%q finds %v", text, rows)
		}
	}
	if got := subjects(b, t, desk.QueueFilter{View: desk.ViewAll, Customer: b.first.ID}); len(got) != 1 {
		t.Errorf("another customer's filter shows %q", got)
	}
}

func subjects(b board, t *testing.T, f desk.QueueFilter) []string {
	t.Helper()
	rows, _ := b.queue(t, f, b.agent)
	var list []string
	for _, r := range rows {
		list = append(list, r.Subject)
	}
	return list
}

// walk goes through all pages, carrying the cursor as an address does.
func walk(r *rapid.T, page func(after desk.Cursor) ([]desk.Row, desk.Cursor)) []int64 {
	var numbers []int64
	after := desk.Cursor{}
	for range 20 {
		rows, next := page(after)
		if len(rows) > desk.PageSize {
			r.Fatalf("a page of %d rows", len(rows))
		}
		for _, row := range rows {
			numbers = append(numbers, row.Number)
		}
		if next.Zero() {
			return numbers
		}
		after = desk.ParseCursor(next.String())
	}
	r.Fatal("the pages never end")
	return nil
}
