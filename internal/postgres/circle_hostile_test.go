package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/testbed"
)

// A ring is an installation of some desks, all let into the circle and in it for
// an hour.
type ring struct {
	db    *postgres.DB
	owner string
	super *pgx.Conn
	desks []desk.ID
	slugs []string
	admin []desk.ID
}

func newRing(t *testing.T, n int) *ring {
	t.Helper()
	owner, serving := testbed.Empty(t)
	r := &ring{db: made(postgres.Open(t.Context(), serving, 4)), owner: owner, super: made(pgx.Connect(t.Context(), owner))}
	t.Cleanup(r.db.Close)
	t.Cleanup(func() { _ = r.super.Close(context.Background()) })
	for i := range n {
		slug := fmt.Sprintf("desk-%c", 'a'+i)
		d := made(desk.NewDesk(slug, slug, "fr", "Europe/Paris"))
		if err := r.db.Global(t.Context(), func(tx *postgres.GlobalTx) error { return tx.AddDesk(d, 1) }); err != nil {
			t.Fatal(err)
		}
		if err := postgres.LetIntoCircle(t.Context(), owner, slug); err != nil {
			t.Fatal(err)
		}
		admin := person(t, desk.Admin, desk.Nobody, "admin@"+slug+".example")
		r.desks, r.slugs, r.admin = append(r.desks, d.ID), append(r.slugs, slug), append(r.admin, admin.ID)
		r.must(t, i, func(tx *postgres.Tx) error {
			if err := tx.AddPerson(admin); err != nil {
				return err
			}
			return tx.JoinCircle(admin.ID)
		})
	}
	r.stage(t, `update circle set joined_at = joined_at - interval '1 hour'`)
	r.steady(t)
	return r
}

// steady waits where a slice of time is about to end, lest it end within a test.
func (r *ring) steady(t *testing.T) {
	t.Helper()
	var left time.Duration
	if err := r.super.QueryRow(t.Context(), `select circle_slice() + interval '5 minutes' - clock_timestamp()`).Scan(&left); err != nil {
		t.Fatal(err)
	}
	if left < 20*time.Second {
		time.Sleep(left)
	}
}

func (r *ring) stage(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := r.super.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (r *ring) must(t *testing.T, i int, f func(*postgres.Tx) error) {
	t.Helper()
	if err := r.db.Update(t.Context(), desk.Scope{Desk: r.desks[i]}, f); err != nil {
		t.Fatal(err)
	}
}

// tells has a desk write its figure of one service and place, as its job does.
func (r *ring) tells(t *testing.T, i, customers int) {
	t.Helper()
	r.must(t, i, func(tx *postgres.Tx) error {
		tx.SaveCircleCounts([]desk.CircleCount{{Service: "Exchange Online", Region: "france", Customers: customers}})
		return nil
	})
}

// pass has slices of time go by.
func (r *ring) pass(t *testing.T, slices int) {
	t.Helper()
	// In two steps, lest rows meet on their way.
	r.stage(t, `update circle_counts set at = at - interval '1000 days'`)
	r.stage(t, `update circle_counts set at = at + interval '1000 days' - $1 * interval '5 minutes'`, slices)
	r.stage(t, `update circle set joined_at = joined_at - $1 * interval '5 minutes'`, slices)
}

// all has every desk tell its figure, and the slice go by; -1 tells nothing.
func (r *ring) all(t *testing.T, figures ...int) {
	t.Helper()
	r.stage(t, `delete from circle_counts`)
	for i, n := range figures {
		if n >= 0 {
			r.tells(t, i, n)
		}
	}
	r.pass(t, 1)
}

func (r *ring) asks(t *testing.T, i int) (list []desk.Elsewhere) {
	t.Helper()
	err := r.db.View(t.Context(), desk.Scope{Desk: r.desks[i]}, func(tx *postgres.Tx) (err error) {
		list, err = tx.SeenElsewhere()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// band is the answer about the one service and place, 0 for none.
func (r *ring) band(t *testing.T, i int) int {
	t.Helper()
	list := r.asks(t, i)
	if len(list) == 0 {
		return 0
	}
	if len(list) > 1 || list[0].Service != "Exchange Online" || list[0].Region != "france" {
		t.Errorf("answers %+v", list)
	}
	return list[0].AtLeast
}

func TestTheCircleTellsABand(t *testing.T) {
	t.Parallel()
	r := newRing(t, 6)
	for _, c := range []struct {
		others []int // the first desk asks
		want   int
	}{
		{[]int{-1, -1, -1, -1, -1}, 0},
		{[]int{5, 5, -1, -1, -1}, 0},    // of two desks
		{[]int{25, 25, 0, 0, -1}, 0},    // nobody at the third
		{[]int{2, 1, 1, -1, -1}, 0},     // four customers
		{[]int{1, 1, 1, 1, -1}, 0},      // four, of four desks
		{[]int{3, 1, 1, -1, -1}, 5},     // five, of three
		{[]int{1, 1, 1, 1, 1}, 5},       // five, of five
		{[]int{3, 3, 3, -1, -1}, 5},     // nine
		{[]int{4, 3, 3, -1, -1}, 10},    // ten
		{[]int{25, 1, 1, -1, -1}, 5},    // one desk alone makes no crowd
		{[]int{9, 8, 8, -1, -1}, 25},    // twenty-five
		{[]int{25, 12, 12, -1, -1}, 25}, // forty-nine
		{[]int{25, 13, 12, -1, -1}, 50},
		{[]int{25, 25, 25, 25, 25}, 50},
	} {
		for _, own := range []int{-1, 0, 1, 25} { // which counts for nothing
			r.all(t, append([]int{own}, c.others...)...)
			if got := r.band(t, 0); got != c.want {
				t.Errorf("others count %v, and he %d: told %d, want %d", c.others, own, got, c.want)
			}
		}
	}
}

// Whatever the desks count, the answer is what the rule says of the others, and
// no figure of the asker's own moves it.
func TestTheAnswerIsOfTheOthersAlone(t *testing.T) {
	t.Parallel()
	r := newRing(t, 5)
	rapid.Check(t, func(p *rapid.T) {
		figures := rapid.SliceOfN(rapid.IntRange(-1, desk.CircleMost), 5, 5).Draw(p, "figures")
		r.all(t, figures...)
		for asker := range figures {
			others := slices.Delete(slices.Clone(figures), asker, asker+1)
			if got, want := r.band(t, asker), bandOf(others); got != want {
				p.Fatalf("desk %d of %v is told %d, want %d", asker, figures, got, want)
			}
		}
	})
}

// bandOf is the rule of the circle in words of its own.
func bandOf(others []int) int {
	desks := 0
	for _, n := range others {
		if n > 0 {
			desks++
		}
	}
	answer := 0
	for _, band := range []int{5, 10, 25, 50} {
		sum := 0
		for _, n := range others {
			sum += min(max(n, 0), (band+1)/2)
		}
		if desks >= desk.CircleDesks && sum >= band {
			answer = band
		}
	}
	return answer
}

// What a member may try with SQL of his own, in his own scope: it is refused, or
// it changes nothing that anybody is told.
func TestAHostileMemberGainsNothing(t *testing.T) {
	t.Parallel()
	r := newRing(t, 5)
	r.all(t, 2, 2, 1, 1, 0) // one too few for the first desk
	me, them := r.desks[0], r.desks[1]
	before := [...]int{r.band(t, 0), r.band(t, 1), r.band(t, 4)}
	if before != [...]int{0, 0, 5} {
		t.Fatalf("staged %v", before)
	}
	own := fmt.Sprint(me)
	row := func(cols, values string) string {
		return `insert into circle_counts (` + cols + `) values (` + values + `)`
	}
	now := `circle_slice()`
	for what, sql := range map[string]string{
		"another's row":            row(`desk_id, service, region, customers`, `'`+them.String()+`', 'Exchange Online', 'france', 25`),
		"no desk's row":            row(`desk_id, service, region, customers`, `gen_random_uuid(), 'Exchange Online', 'france', 25`),
		"a row of an ended slice":  row(`at, service, region, customers`, now+` - interval '5 minutes', 'Microsoft Teams', 'france', 25`),
		"a row of one to come":     row(`at, service, region, customers`, now+` + interval '5 minutes', 'Exchange Online', 'france', 25`),
		"a row at no slice":        row(`at, service, region, customers`, now+` + interval '1 second', 'Exchange Online', 'france', 25`),
		"a message as a service":   row(`service, region, customers`, `'Call me on 06 12 34 56 78', 'france', 5`),
		"a service in other case":  row(`service, region, customers`, `'EXCHANGE ONLINE', 'france', 5`),
		"no service":               row(`service, region, customers`, `'Unknown', 'france', 5`),
		"a message as a place":     row(`service, region, customers`, `'Exchange Online', 'Hôtel du Lac', 5`),
		"fewer than none":          row(`service, region, customers`, `'Exchange Online', 'france', -3`),
		"more than a desk may":     row(`service, region, customers`, `'Exchange Online', 'france', 26`),
		"figures of an ended one":  `update circle_counts set customers = 25`,
		"a slice moved":            `update circle_counts set at = circle_slice()`,
		"rows erased":              `delete from circle_counts`,
		"others let in":            `insert into circle (desk_id, let_at) values ('` + them.String() + `', now())`,
		"others put out":           `update circle set joined_at = null where desk_id <> '` + own + `'`,
		"others erased":            `delete from circle`,
		"in it since long ago":     `update circle set joined_at = now() - interval '1 day'`,
		"let in since long ago":    `update circle set let_at = now() - interval '1 year'`,
		"another's place":          `update circle set desk_id = '` + them.String() + `'`,
		"the table emptied":        `truncate circle_counts`,
		"another function of that": `create or replace function in_circle(of_desk uuid) returns boolean language sql as 'select true'`,
		"the operator's list":      `select * from circle_desks()`,
	} {
		_ = r.db.Update(t.Context(), desk.Scope{Desk: me}, func(tx *postgres.Tx) error { return exec(tx, sql) })
		if after := [...]int{r.band(t, 0), r.band(t, 1), r.band(t, 4)}; after != before {
			t.Errorf("%s: the circle says %v, was %v", what, after, before)
		}
		var outside int // rows that are not as staged
		err := r.super.QueryRow(t.Context(), `select count(*) from circle_counts where at <> circle_slice() - interval '5 minutes' or service <> 'Exchange Online'`).Scan(&outside)
		if err != nil || outside != 0 {
			t.Errorf("%s left %d rows (%v)", what, outside, err)
		}
	}
	for _, table := range []string{"circle", "circle_counts"} {
		r.must(t, 0, func(tx *postgres.Tx) error {
			if n := counted(t, tx, table, "desk_id <> '"+own+"'"); n != 0 {
				t.Errorf("%s: %d rows of others in sight", table, n)
			}
			return nil
		})
	}
}

// A member who adds fakes, in as many services and places as there are, is told
// no more than before, now or later.
func TestFakesProbeNothing(t *testing.T) {
	t.Parallel()
	r := newRing(t, 4)
	r.all(t, -1, 2, 1, 1)
	for own := range desk.CircleMost + 1 {
		r.tells(t, 0, own)
		if got := r.asks(t, 0); len(got) != 0 {
			t.Fatalf("with %d fakes he is told %+v", own, got)
		}
	}
	var every []desk.CircleCount
	for _, s := range desk.Services() {
		if desk.CircleService(s.Name) {
			for _, place := range append(desk.CirclePlaces(), "") {
				every = append(every, desk.CircleCount{Service: s.Name, Region: place, Customers: desk.CircleMost})
			}
		}
	}
	r.must(t, 0, func(tx *postgres.Tx) error { tx.SaveCircleCounts(every); return nil }) // which is also how the lists are known to be the same
	for i, figure := range []int{2, 1, 1} {
		r.tells(t, i+1, figure)
	}
	r.pass(t, 1)
	if got := r.asks(t, 0); len(got) != 0 {
		t.Errorf("with fakes everywhere he is told %+v", got)
	}
}

// Within a slice every question has the same answer, whatever a friend writes
// between two of them.
func TestASliceHasOneAnswer(t *testing.T) {
	t.Parallel()
	r := newRing(t, 4)
	r.all(t, 0, 0, 2, 1)
	for friend := range desk.CircleMost + 1 {
		r.tells(t, 1, friend)
		if got := r.band(t, 0); got != 0 {
			t.Fatalf("with a friend's %d he is told %d at once", friend, got)
		}
	}
	r.tells(t, 2, 2)
	r.tells(t, 3, 1)
	r.pass(t, 1)
	if got := r.band(t, 0); got != 10-5 && got != 10 {
		t.Errorf("when the slice is over he is told %d", got)
	}
}

// Two who count together: of three members they learn nothing; of four, only
// whether both of the others have somebody, and about how many together.
func TestWhatTwoFriendsLearn(t *testing.T) {
	t.Parallel()
	r := newRing(t, 3)
	for honest := range desk.CircleMost + 1 {
		r.all(t, 25, 25, honest)
		if a, b := r.band(t, 0), r.band(t, 1); a != 0 || b != 0 {
			t.Fatalf("of three, two are told %d and %d", a, b)
		}
	}
	four := newRing(t, 4)
	learned := map[string][][2]int{}
	for _, pair := range [][2]int{{0, 0}, {0, 1}, {0, 25}, {1, 1}, {1, 2}, {2, 1}, {1, 3}, {2, 2}, {3, 1}} {
		var said []string
		for friend := range 5 { // a slice each
			four.all(t, 0, friend, pair[0], pair[1])
			said = append(said, fmt.Sprint(four.band(t, 0)))
		}
		all := strings.Join(said, " ")
		learned[all] = append(learned[all], pair)
	}
	for said, pairs := range learned {
		for _, p := range pairs[1:] {
			alone := pairs[0][0] == 0 || pairs[0][1] == 0
			if (p[0] == 0 || p[1] == 0) != alone || !alone && p[0]+p[1] != pairs[0][0]+pairs[0][1] {
				t.Errorf("answers %s stand for %v", said, pairs)
			}
		}
	}
	// The sums two, three and four, and "one of them has nobody".
	if len(learned) != 4 {
		t.Errorf("%d different stories are told: %v", len(learned), learned)
	}
}

func TestNobodyElseIsToldAnything(t *testing.T) {
	t.Parallel()
	r := newRing(t, 5)
	r.all(t, 5, 5, 5, 5, 5)
	if got := r.band(t, 0); got != 10 {
		t.Fatalf("staged: %d", got)
	}
	none := func(what string, s desk.Scope) {
		t.Helper()
		err := r.db.View(t.Context(), s, func(tx *postgres.Tx) error {
			if list, err := tx.SeenElsewhere(); err != nil || len(list) > 0 {
				t.Errorf("%s is told %+v (%v)", what, list, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	none("a customer's person", desk.Scope{Desk: r.desks[0], Customer: desk.NewID()})
	none("a subcontractor's", desk.Scope{Desk: r.desks[0], Subcontractor: &desk.Subcontractor{ID: desk.NewID(), AllCustomers: true, AllServices: true}})
	none("a desk that does not exist", desk.Scope{Desk: desk.NewID()})
	var n int
	if err := r.db.Pool().QueryRow(t.Context(), `select count(*) from seen_elsewhere()`).Scan(&n); err != nil || n != 0 {
		t.Errorf("no desk at all is told %d (%v)", n, err)
	}
	stranger := made(desk.NewDesk("stranger", "Stranger", "fr", "Europe/Paris"))
	if err := r.db.Global(t.Context(), func(tx *postgres.GlobalTx) error { return tx.AddDesk(stranger, 1) }); err != nil {
		t.Fatal(err)
	}
	none("a desk that was not let in", desk.Scope{Desk: stranger.ID})
	err := r.db.Update(t.Context(), desk.Scope{Desk: stranger.ID}, func(tx *postgres.Tx) error { return tx.JoinCircle(desk.Nobody) })
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("it joins by itself: %v", err)
	}
	err = r.db.Update(t.Context(), desk.Scope{Desk: stranger.ID}, func(tx *postgres.Tx) error {
		return exec(tx, `insert into circle (let_at, joined_at) values (now(), now())`)
	})
	if err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("it lets itself in: %v", err)
	}
	err = r.db.Update(t.Context(), desk.Scope{Desk: stranger.ID}, func(tx *postgres.Tx) error {
		tx.SaveCircleCounts([]desk.CircleCount{{Service: "Exchange Online", Customers: 5}})
		return nil
	})
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("it tells what nobody asked: %v", err)
	}
}

// Out is out at once; back in, a desk counts and is told from the next slice on.
func TestLeavingTheCircle(t *testing.T) {
	t.Parallel()
	r := newRing(t, 4)
	r.all(t, 0, 2, 2, 2)
	if r.band(t, 0) != 5 || r.band(t, 1) != 0 {
		t.Fatal("staged otherwise")
	}
	r.must(t, 1, func(tx *postgres.Tx) error { return tx.LeaveCircle() })
	if got := r.band(t, 0); got != 0 {
		t.Errorf("one has left, and the others are told %d", got)
	}
	var left int
	if err := r.super.QueryRow(t.Context(), `select count(*) from circle_counts where desk_id = $1`, r.desks[1]).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d rows of his are left (%v)", left, err)
	}
	r.must(t, 1, func(tx *postgres.Tx) error { return tx.JoinCircle(r.admin[1]) })
	r.tells(t, 1, 2)
	r.tells(t, 2, 2)
	r.tells(t, 3, 2)
	r.tells(t, 0, 2)
	r.pass(t, 1)
	if a, b := r.band(t, 0), r.band(t, 1); a != 0 || b != 0 {
		t.Errorf("the slice in which he came back says %d and %d", a, b)
	}
	for i := range 4 {
		r.tells(t, i, 2)
	}
	r.pass(t, 1)
	if a, b := r.band(t, 0), r.band(t, 1); a != 5 || b != 5 {
		t.Errorf("the slice after says %d and %d", a, b)
	}
	if err := postgres.RemoveFromCircle(t.Context(), r.owner, r.slugs[1]); err != nil {
		t.Fatal(err)
	}
	if a, b := r.band(t, 0), r.band(t, 1); a != 0 || b != 0 {
		t.Errorf("put out, the others and he are told %d and %d", a, b)
	}
	if err := postgres.RemoveFromCircle(t.Context(), r.owner, r.slugs[1]); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("put out twice: %v", err)
	}
	if err := postgres.LetIntoCircle(t.Context(), r.owner, "nobody"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a desk that is none: %v", err)
	}
	list, err := postgres.CircleDesks(t.Context(), r.owner)
	if err != nil || len(list) != 3 || list[0].Slug != "desk-a" || list[0].JoinedAt == nil {
		t.Errorf("the operator reads %+v (%v)", list, err)
	}
}

// The time said is a quarter of an hour, that in which it began.
func TestSinceIsAQuarter(t *testing.T) {
	t.Parallel()
	r := newRing(t, 4)
	tell := func(n int) {
		for i := 1; i < 4; i++ {
			r.tells(t, i, n)
		}
	}
	var began time.Time
	if err := r.super.QueryRow(t.Context(), `select circle_slice()`).Scan(&began); err != nil {
		t.Fatal(err)
	}
	tell(2)
	r.pass(t, 1)
	for range 3 { // the second of them tells nothing, which is no end
		r.pass(t, 1)
		tell(2)
		r.pass(t, 1)
	}
	// Seven slices have gone by.
	want := began.Add(-7 * 5 * time.Minute).Truncate(15 * time.Minute)
	got := r.asks(t, 0)
	if len(got) != 1 || !got[0].Since.Equal(want) {
		t.Errorf("since %v, want %v", got, want)
	}
	tell(0)
	r.pass(t, 4)
	tell(2)
	r.pass(t, 1)
	got = r.asks(t, 0)
	if len(got) != 1 || !got[0].Since.Equal(began.Add(-5*time.Minute).Truncate(15*time.Minute)) {
		t.Errorf("begun again since %v", got)
	}
}
