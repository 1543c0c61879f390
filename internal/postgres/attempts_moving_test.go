package postgres_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(digested, map[string]string{"imports": "", "import_lines": "", "exports": "", "erasures": ""})
	line := []desk.ImportLine{{Line: 9, State: desk.LineGood, Cells: map[string]string{"name": "x"}}}
	nobodyAt := func(i intruder) desk.Person { // who wrote none of the desk's own mails
		p := i.theirs.contact
		p.Email = "nobody@nowhere.example"
		return p
	}
	maps.Copy(attempts, map[string]attempt{
		"BeginExport": writes(func(tx *postgres.Tx, i intruder) error {
			return gone(tx.BeginExport(desk.Export{ID: desk.NewID(), Form: desk.ExportCSV, State: desk.ExportRunning, PersonID: i.desk.agent.ID})) // his own runs
		}),
		"EndExport": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.EndExport(desk.Export{ID: i.desk.moving(), State: desk.ExportDone})
		}),
		"Exports": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.Exports(100)
			return len(slices.DeleteFunc(list, func(e desk.Export) bool { return e.ID != i.desk.moving() })), err
		}),
		"AddImport": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.AddImport(desk.Import{ID: desk.NewID(), Kind: desk.ImportPeople, State: desk.ImportReading, PersonID: i.desk.agent.ID})
		}),
		"Import": finds(func(tx *postgres.Tx, i intruder) (desk.Import, error) { return tx.Import(i.desk.moving()) }),
		"Imports": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.Imports(100)
			return len(slices.DeleteFunc(list, func(m desk.Import) bool { return m.ID != i.desk.moving() })), err
		}),
		"SaveImport": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.SaveImport(desk.Import{ID: i.desk.moving(), State: desk.ImportDone})
		}),
		"AddImportLines": writes(func(tx *postgres.Tx, i intruder) error { return tx.AddImportLines(i.desk.moving(), line) }),
		"SaveImportLines": touches0(func(tx *postgres.Tx, i intruder) {
			_ = tx.SaveImportLines(i.desk.moving(), []desk.ImportLine{{Line: 2, State: desk.LineAdded}})
		}),
		"ImportLines": reads(func(tx *postgres.Tx, i intruder) ([]desk.ImportLine, error) {
			list, err := tx.ImportLines(i.desk.moving(), desk.LineBad, 0, 10)
			if len(list) > 0 {
				list[0].Cells = map[string]string{"of": i.desk.desk.ID.String()}
			}
			return list, err
		}),
		"DropImportLines": touches0(func(tx *postgres.Tx, i intruder) { tx.DropImportLines(i.desk.moving()) }),
		"ForgetImports":   touches0(func(tx *postgres.Tx, _ intruder) { tx.ForgetImports(tx.Now.Add(time.Hour)) }),
		"ImportWorld": reads(func(tx *postgres.Tx, i intruder) (desk.ImportWorld, error) {
			return tx.ImportWorld(postgres.ImportNames{Customers: []string{"old"}, Plain: []string{i.theirs.Tenant}, Emails: []string{i.theirs.contact.Email},
				Externals: []string{"old"}, Tickets: []string{"old"}, Keys: []desk.ID{i.theirs.key}})
		}),
		"CallCustomers": touches0(func(tx *postgres.Tx, i intruder) { tx.CallCustomers([]desk.ID{i.theirs.ID}, []string{"mine"}) }),
		"CallPeople":    touches0(func(tx *postgres.Tx, i intruder) { tx.CallPeople([]desk.ID{i.theirs.contact.ID}, []string{"mine"}) }),
		"CallTickets": touches0(func(tx *postgres.Tx, i intruder) {
			tx.CallTickets([]desk.Ticket{{ID: i.theirs.ticket.ID, External: "mine"}})
		}),
		"SettleImported": touches0(func(tx *postgres.Tx, i intruder) { tx.SettleImported([]desk.ID{i.theirs.ticket.ID}) }),
		"PersonsTraces": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			n, err := tx.PersonsTraces(nobodyAt(i))
			return n.Files + n.Mails + n.Tickets + n.Messages, err
		}),
		"BlobsOfPerson": reads(func(tx *postgres.Tx, i intruder) ([]string, error) { return tx.BlobsOfPerson(nobodyAt(i)) }),
		"ErasePerson": writes(func(tx *postgres.Tx, i intruder) error {
			left, file := i.theirs.contact.Erased("fr")
			return tx.ErasePerson(nobodyAt(i), left, file)
		}),
		"AddErasure": puts(func(tx *postgres.Tx, i intruder) {
			tx.AddErasure(desk.Erasure{PersonID: i.theirs.contact.ID, ErasedBy: i.theirs.contact.ID})
		}),
	})
}

// moving is the id of the file that every desk of a world was sent, and of what was
// taken out of it.
func (p partner) moving() desk.ID { return p.desk.ID } // of other tables: no id is two things

// moved gives a desk a file with a line, and an export under way.
func (w *world) moved(t *testing.T, p partner) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		if err := tx.AddImport(desk.Import{ID: p.moving(), Kind: desk.ImportCustomers, State: desk.ImportRead, PersonID: p.admin.ID, CreatedAt: tx.Now}); err != nil {
			return err
		}
		err := tx.AddImportLines(p.moving(), []desk.ImportLine{{Line: 2, State: desk.LineBad, Problems: desk.Problems{{Field: "name", Key: "moving.error.missing"}}}})
		if err != nil {
			return err
		}
		return tx.BeginExport(desk.Export{ID: p.moving(), Form: desk.ExportCSV, State: desk.ExportRunning, PersonID: p.admin.ID, CreatedAt: tx.Now})
	})
}
