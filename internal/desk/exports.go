package desk

import (
	"path"
	"slices"
	"strings"
	"time"
)

// ExportForm is how what a desk owns is written.
type ExportForm string

// The forms of an export.
const (
	ExportJSON ExportForm = "jsonl" // one object a line
	ExportCSV  ExportForm = "csv"
)

// Export is what was taken out of a desk, and by whom.
type Export struct {
	ID         ID
	Form       ExportForm
	Files      bool // with the bytes of people's files
	State      ExportState
	Rows       int64
	Bytes      int64
	PersonID   ID
	PersonName string
	CreatedAt  time.Time
	EndedAt    *time.Time
}

// ExportState is how an export stands.
type ExportState string

// The states of an export.
const (
	ExportRunning ExportState = "running"
	ExportDone    ExportState = "done"
	ExportBroken  ExportState = "broken" // it was not taken to its end
)

// ExportTime is how long one may take.
const ExportTime = 30 * time.Minute

// NewExport plans one. Errors: Invalid on "form".
func NewExport(form string, files bool, by ID, now time.Time) (Export, error) {
	e := Export{ID: NewID(), Form: ExportForm(form), Files: files, State: ExportRunning, PersonID: by, CreatedAt: now}
	if !slices.Contains([]ExportForm{ExportJSON, ExportCSV}, e.Form) {
		return e, NewInvalid("form", "error.choose")
	}
	return e, nil
}

// ExportColumn is a column of what is exported.
type ExportColumn struct {
	Name string `json:"name"`
	Type string `json:"type"` // as PostgreSQL names it
}

// ExportedFile is a file that an export may hold.
type ExportedFile struct {
	ID   ID
	Name string
	Blob string
}

// Path is its place in the zip: its id, and the ending of its name where that is a
// plain one. What people called it is in the row of the same id.
func (f ExportedFile) Path(folder string) string {
	ext := strings.ToLower(path.Ext(f.Name))
	if !plainExtension(ext) {
		ext = ""
	}
	return folder + "/" + f.ID.String() + ext
}
