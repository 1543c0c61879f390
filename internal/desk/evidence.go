package desk

import (
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"guichet/internal/dossier"
)

// What a dossier may hold: bytes of one file as it is sent, bytes of all its files
// as they are kept, and how many they are.
const (
	MaxEvidence      = 50 << 20
	MaxDossierBytes  = 200 << 20
	MaxDossierFiles  = 50
	maxEvidenceName  = 110 // the most that any form takes (dossier.RulesOf)
	maxEvidenceType  = 100
	longestExtension = 12
)

// squeezed are extensions of what no zip makes smaller.
var squeezed = []string{".zip", ".7z", ".gz", ".rar", ".cab", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".mp4", ".mov", ".webm", ".avi", ".mp3", ".docx", ".xlsx", ".pptx", ".pdf"}

// Shrinks tells a file that becomes smaller in a zip.
func Shrinks(name string) bool { return !slices.Contains(squeezed, strings.ToLower(path.Ext(name))) }

// FileName is what somebody's computer called a file, without folders and whatever
// hides its end: control and direction characters, trailing dots. It is cut to 110
// characters before its extension, and "file" when nothing is left.
func FileName(told string) string {
	name := strings.ToValidUTF8(told, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.C, r), r == '\u2028', r == '\u2029':
			return -1
		case strings.ContainsRune(`<>:"|?*`, r): // no name on the machines they go to
			return '_'
		}
		return r
	}, norm.NFC.String(name))
	name = strings.TrimRight(clean(name), ". ")
	ext := path.Ext(name)
	if n := len([]rune(ext)); n > longestExtension {
		ext = ""
	}
	stem, most := []rune(strings.TrimSuffix(name, ext)), maxEvidenceName-len([]rune(ext))
	if len(stem) > most {
		name = strings.TrimRight(string(stem[:most]), ". ") + ext
	}
	if strings.Trim(name, ". _") == "" {
		return "file"
	}
	return name
}

// NewEvidence records a file that was kept for an escalation.
func NewEvidence(e Escalation, name, kind string, masked []dossier.Masked, who ID, now time.Time) EvidenceFile {
	if masked == nil {
		masked = []dossier.Masked{}
	}
	return EvidenceFile{ID: NewID(), EscalationID: e.ID, Name: FileName(name), Type: cut(clean(kind), maxEvidenceType), Masked: masked, PersonID: who, CreatedAt: now}
}

// FitsEvidence tells what stands against a file that was kept, as a message key of
// the dossier's: a type that the form refuses, nothing in it, or too much for the
// form where a zip would not help. "" for nothing.
func FitsEvidence(form string, f EvidenceFile) string {
	for _, key := range dossier.CheckFile(form, dossier.File{Name: f.Name, Type: f.Type, Bytes: f.Bytes}) {
		if key != "dossier.problem.file_too_big" || !Shrinks(f.Name) {
			return key
		}
	}
	return ""
}

// ChangeFiles notes that other files go with the dossier; one that was approved is
// approved no longer. Errors: ErrConflict once it has ended.
func (e *Escalation) ChangeFiles(now time.Time) error {
	if e.State == EscalationEnded {
		return ErrConflict
	}
	e.ChangedAt = now
	if e.State.Before() {
		e.ask("", now)
	}
	return nil
}

// EvidenceBytes is how much the files of a dossier hold together.
func EvidenceBytes(list []EvidenceFile) int64 {
	var n int64
	for _, f := range list {
		n += f.Bytes
	}
	return n
}
