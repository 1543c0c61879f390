package app_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	sample "guichet/internal/demo/microsoft"
	"guichet/internal/desk"
)

// filedWith has the connector file a request whose dossier has these files.
func (w *world) filedWith(t *testing.T, given ...app.Upload) (m *sample.Server, number int64, job app.SendEvidence) {
	t.Helper()
	m = w.connected(t)
	w.reachable(t)
	number, f := w.onAzure(t, w.one.first, production)
	if _, err := w.AddEvidence(t.Context(), w.one.agent, number, sent(given...)); err != nil {
		t.Fatal(err)
	}
	if err := w.FileByConnector(t.Context(), w.one.agent, number, 0, f); err != nil {
		t.Fatal(err)
	}
	if err := w.FileRequest(t.Context(), w.filing(t, number)); err != nil {
		t.Fatal(err)
	}
	e := w.escalation(t, w.one, number)
	if e.State != desk.EscalationFiled {
		t.Fatalf("it is %s: %+v", e.State, e.Remote)
	}
	return m, number, app.SendEvidence{Desk: w.one.desk.ID, Escalation: e.ID}
}

// sendings is how the files of an escalation stand at Microsoft, by name.
func (w *world) sendings(t *testing.T, number int64) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, f := range w.escalation(t, w.one, number).Evidence {
		found[f.Name] = strings.TrimSpace(string(f.Sending) + " " + string(f.Trouble))
	}
	return found
}

func TestFilesFollowTheirRequestOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := strings.Repeat("2026-03-02T08:14:22Z échec de la machine\n", 80_000) // over two and a half mebibytes
	m, number, job := w.filedWith(t, file("journal.log", "password=Tr0ub4dor&3xyz\n"), file("machine.log", long))
	name := w.escalation(t, w.one, number).RemoteName()
	if got := w.sendings(t, number); got["journal.log"] != "waiting" || got["machine.log"] != "waiting" || len(m.Workspace(production, name)) != 0 {
		t.Fatalf("filed: %v", got)
	}

	// A worker dies between the two parts of the second file.
	ctx, die := context.WithCancel(t.Context())
	parts := 0
	dying := w.over(t, m, func(r *http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/upload") {
			if parts++; parts == 2 {
				die()
				return ctx.Err()
			}
		}
		return nil
	})
	if err := dying.SendEvidence(ctx, job); !errors.Is(err, context.Canceled) {
		t.Fatalf("the dying worker: %v", err)
	}
	if got := w.sendings(t, number); got["journal.log"] != "sent" || got["machine.log"] != "waiting" {
		t.Errorf("after it died: %v", got)
	}
	if err := w.SendEvidence(t.Context(), job); !snoozed(err) {
		t.Errorf("another sends what it holds: %v", err)
	}
	w.clock.pass(6 * time.Minute)

	// The next one dies after the file is there, before it could say so.
	ctx, die = context.WithCancel(t.Context())
	parts = 0
	dying = w.over(t, m, func(r *http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/upload") {
			if parts++; parts == 2 {
				die()
			}
		}
		return nil
	})
	if err := dying.SendEvidence(ctx, job); !errors.Is(err, context.Canceled) {
		t.Fatalf("the second dying worker: %v", err)
	}
	w.clock.pass(6 * time.Minute)
	for range 2 {
		if err := w.SendEvidence(t.Context(), job); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.sendings(t, number); got["journal.log"] != "sent" || got["machine.log"] != "sent" {
		t.Errorf("at last: %v", got)
	}
	if got := m.Workspace(production, name); !slices.Equal(got, []string{"journal.log", "machine.log"}) {
		t.Errorf("there are %q", got)
	}
	if got, whole := m.Uploaded(production, name, "machine.log"); !whole || string(got) != long {
		t.Errorf("%d of %d bytes are there", len(got), len(long))
	}
	if got, _ := m.Uploaded(production, name, "journal.log"); len(got) == 0 || bytes.Contains(got, []byte("Tr0ub4dor")) {
		t.Errorf("it left as %q", got)
	}
	told := 0
	for _, e := range w.escalation(t, w.one, number).Events {
		if e.Kind == desk.EscalationFileSent {
			told++
		}
	}
	if told != 2 {
		t.Errorf("told %d times", told)
	}
}

func TestFilesAddedLaterFollowAndWhatIsTooBigGoesInAZip(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m, number, job := w.filedWith(t, file("journal.log", "08:14 échec\n"))
	if _, err := w.AddEvidence(t.Context(), w.one.agent, number, sent(file("grand.log", strings.Repeat("toujours la même ligne\n", 300_000)), file("journal.log", "08:15 échec\n"))); err != nil {
		t.Fatal(err)
	}
	if err := w.SendEvidence(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	name := w.escalation(t, w.one, number).RemoteName()
	if got := m.Workspace(production, name); !slices.Equal(got, []string{"grand.log.zip", "journal-2.log", "journal.log"}) {
		t.Errorf("there are %q", got)
	}
	if got, whole := m.Uploaded(production, name, "grand.log.zip"); !whole || len(got) > 1<<20 || !bytes.HasPrefix(got, []byte("PK")) {
		t.Errorf("the zip has %d bytes", len(got))
	}
	// What is taken out here stays there, and its name with it.
	first := w.escalation(t, w.one, number).Evidence[0]
	if err := w.RemoveEvidence(t.Context(), w.one.agent, number, first.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddEvidence(t.Context(), w.one.agent, number, sent(file("journal.log", "08:16 échec\n"))); err != nil {
		t.Fatal(err)
	}
	if err := w.SendEvidence(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if got, _ := m.Uploaded(production, name, "journal-3.log"); string(got) != "08:16 échec\n" {
		t.Errorf("the third came as %q among %q", got, m.Workspace(production, name))
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m, number, job := w.filedWith(t, file("journal.log", "08:14 échec\n"))
	if err := w.SendEvidenceAgain(t.Context(), w.one.agent, number); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("sent again before it was refused: %v", err)
	}
	for _, c := range []struct {
		failure sample.Failure
		want    string
	}{{sample.Throttled, "waiting throttled"}, {sample.Down, "waiting unavailable"}, {sample.Garbage, "waiting malformed"}, {sample.NoRoles, "refused role"}} {
		m.Fail(w.one.first.tenant, c.failure)
		w.clock.pass(2 * time.Hour)
		err := w.SendEvidence(t.Context(), job)
		if got := w.sendings(t, number)["journal.log"]; got != c.want || snoozed(err) != strings.HasPrefix(c.want, "waiting") {
			t.Errorf("while %v: %s, %v", c.failure, got, err)
		}
	}
	if err := w.SendEvidence(t.Context(), job); err != nil {
		t.Errorf("with nothing that waits: %v", err)
	}
	m.Fail(w.one.first.tenant, sample.NoFailure)
	if err := w.SendEvidenceAgain(t.Context(), w.one.agent, number); err != nil {
		t.Fatal(err)
	}

	// Switched off meanwhile.
	f := w.connectorForm(desk.AzureSupport)
	f.Enabled, f.Revision = false, w.connectorOf(t, desk.AzureSupport).Revision
	if err := w.SaveConnector(t.Context(), w.one.admin, f); err != nil {
		t.Fatal(err)
	}
	if err := w.SendEvidence(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if got := w.sendings(t, number)["journal.log"]; got != "refused setup" {
		t.Errorf("with the connector off: %s", got)
	}
	f.Enabled, f.Revision = true, f.Revision+1
	if err := errors.Join(w.SaveConnector(t.Context(), w.one.admin, f), w.SendEvidenceAgain(t.Context(), w.one.agent, number), w.SendEvidence(t.Context(), job)); err != nil {
		t.Fatal(err)
	}
	if got := w.sendings(t, number)["journal.log"]; got != "sent" {
		t.Errorf("mended: %s", got)
	}
}
