package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// However many tickets there are, a search reads no more of them than it answers
// with: neither for a word that one of them holds, nor for one that all do, and
// without the planner knowing the words.
func TestSearchReadsWhatItFinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBoard(t, w)
	b.history(t, b.first, 6000, 40)
	rare := b.blank(b.second)
	rare.Subject = "Zeppelin"
	b.put(t, b.second, rare)
	if _, err := w.superuser(t).Exec(t.Context(), `vacuum analyze search_texts`); err != nil {
		t.Fatal(err)
	}
	agent := desk.Actor{Desk: b.desk, Person: b.agent}
	for typed, most := range map[string]int64{"zeppelins": 3, "zeppelin customer:second": 3, "nowhere": 0, "first": 4096 + 2, "first -zeppelin": 4096 + 2} {
		w.update(t, b.scope(), func(tx *postgres.Tx) error {
			whole, fetched := scanned(t, tx)
			hits, next, err := tx.Search(desk.ReadSearch(typed, agent, tx.Now), b.agent, desk.SearchCursor{})
			if err != nil {
				return err
			}
			if most > 4096 && (len(hits) != postgres.SearchPage || next.Zero()) || typed == "zeppelins" && (len(hits) != 1 || !next.Zero()) {
				t.Errorf("%q finds %d, more: %v", typed, len(hits), !next.Zero())
			}
			w, f := scanned(t, tx)
			if whole, fetched = w-whole, f-fetched; whole > 0 || fetched > most {
				t.Errorf("%q walks through the table %d times and reads %d rows, want %d at most", typed, whole, fetched, most)
			}
			return nil
		})
	}
}

// scanned is how often the connection has walked through the whole table, and how
// many of its rows it has read through indexes, since it last told anybody.
func scanned(t *testing.T, tx *postgres.Tx) (whole, fetched int64) {
	t.Helper()
	rows, err := tx.Raw(`select seq_scan, idx_tup_fetch from pg_stat_xact_user_tables where relname = 'search_texts'`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pgx.ForEachRow(rows, []any{&whole, &fetched}, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return whole, fetched
}

// Page by page each hit is shown once, the best first.
func TestSearchPagesFollowOneAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBoard(t, w)
	b.history(t, b.first, 390, 30)
	agent := desk.Actor{Desk: b.desk, Person: b.agent}
	for typed, want := range map[string]int{"first": 420, "first status:closed": 390, "customer:first status:closed": 390, "status:closed -customer:second": 390, "-nothing": 420} {
		seen := map[int64]bool{}
		after := desk.SearchCursor{}
		for range 60 {
			w.view(t, b.scope(), func(tx *postgres.Tx) error {
				hits, next, err := tx.Search(desk.ReadSearch(typed, agent, tx.Now), b.agent, after)
				for _, h := range hits {
					if seen[h.Number] {
						t.Errorf("%q shows %d twice", typed, h.Number)
					}
					seen[h.Number] = true
				}
				after = desk.ParseSearchCursor(next.String())
				return err
			})
			if after.Zero() {
				break
			}
		}
		if len(seen) < want || len(seen) > want+2 {
			t.Errorf("%q shows %d in all, want %d", typed, len(seen), want)
		}
	}
}
