package postgres_test

import (
	"os"
	"strings"
	"testing"

	"guichet/internal/postgres"
)

// What of a desk is taken out is decided column by column. A table that is new is put
// into exports, or into LeftOut with its reason; what a column of an exported table
// says leaves the desk, unless it is omitted there.
func TestWhatIsExportedIsDecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := catalog(t)
	tables := names(t, c, `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> 'goose_db_version' order by 1`)
	var told []string
	exported := map[string]bool{}
	err := w.db.Snapshot(t.Context(), w.one.scope(), func(s *postgres.Snapshot) error {
		kinds, err := s.Kinds()
		for _, k := range kinds {
			exported[k.Table()] = true
			line := k.Name + ":"
			for _, c := range k.Columns {
				line += " " + c.Name
			}
			told = append(told, line)
			err := s.Each(k, func(row []byte) error {
				for what, theirs := range map[string]string{"another desk": w.two.desk.ID.String(), "another's customer": w.two.first.ID.String(), "another's ticket": w.two.first.ticket.ID.String()} {
					if strings.Contains(string(row), theirs) {
						t.Errorf("%s tells of %s: %s", k.Name, what, row)
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if why := postgres.LeftOut[table]; exported[table] == (why != "") {
			t.Errorf("%s: exported %v and left out %q: say one of them", table, exported[table], why)
		}
	}
	const golden = "testdata/exported.txt"
	got := strings.Join(told, "\n") + "\n"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != got {
		t.Errorf("the columns that are exported have changed (%v): omit what is a secret in exports.go, then run this with UPDATE=1\n%s", err, got)
	}
}
