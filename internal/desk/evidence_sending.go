package desk

import (
	"strings"
	"time"

	"guichet/internal/dossier"
)

// EvidenceSending is how a file of a dossier stands at Microsoft.
type EvidenceSending string

// How a file stands there.
const (
	EvidenceWaits   EvidenceSending = "waiting"
	EvidenceSent    EvidenceSending = "sent"
	EvidenceRefused EvidenceSending = "refused" // until somebody mends what stands against it
)

// TakesFiles tells an escalation whose files a connector sends.
func (e Escalation) TakesFiles() bool {
	return e.Remote.Connector == string(AzureSupport) && e.Remote.Name != "" && e.State.Filed()
}

// Zipped tells a file that is sent in a zip of its own, being too big as it is.
func (f EvidenceFile) Zipped(form string) bool {
	return f.Bytes > dossier.RulesOf(form).Bytes && Shrinks(f.Name)
}

// StageEvidence picks those files of a dossier that are to be sent and were not
// staged before, each under the name that it will have there, unlike the names that
// are taken: no file is put over another, and one that is sent again over itself.
// What is never taken is refused at once.
func StageEvidence(form string, list []EvidenceFile, taken []string) (fresh []EvidenceFile) {
	used := map[string]bool{}
	for _, name := range taken {
		used[strings.ToLower(name)] = true
	}
	for _, f := range list {
		if f.Sending != "" {
			continue
		}
		name := f.Name
		if f.Zipped(form) {
			name += ".zip"
		}
		f.Sending, f.SentName = EvidenceWaits, dossier.SendName(form, name, used)
		used[strings.ToLower(f.SentName)] = true
		switch key := FitsEvidence(form, f); key {
		case "":
		case "dossier.problem.file_too_big":
			f.Refuse(Refusal{Kind: RefusedSize})
		default:
			f.Refuse(Refusal{Kind: RefusedType})
		}
		fresh = append(fresh, f)
	}
	return fresh
}

// Sent notes that it is there.
func (f *EvidenceFile) Sent(now time.Time) {
	f.Sending, f.SentAt, f.Trouble, f.Detail = EvidenceSent, &now, "", ""
}

// Refuse notes why it is not there, and tells whether it is tried again by itself.
func (f *EvidenceFile) Refuse(r Refusal) (again bool) {
	f.Trouble, f.Detail = r.Kind, cut(r.Detail, 500)
	if again = r.Kind.Passes(); !again {
		f.Sending = EvidenceRefused
	}
	return again
}

// Mends tells a file that was refused for what people can mend without changing it.
func (f EvidenceFile) Mends() bool {
	return f.Sending == EvidenceRefused && f.Trouble != RefusedType && f.Trouble != RefusedSize
}
