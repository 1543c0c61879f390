package dossier

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Rules are what a form takes of files.
type Rules struct {
	Most           int      // files added after a request is created; 0: no limit known
	MostAtCreation int      // files when it is created; 0: no limit known
	Bytes          int64    // of each
	Name           int      // characters of a name
	Blocked        []string // extensions, with their dot, in lower case
}

// blockedTypes are those that "Manage an Azure support request" lists. Mail servers refuse them too.
var blockedTypes = []string{
	".bat", ".bin", ".cmd", ".com", ".cpl", ".exe", ".inf", ".ins", ".isu", ".job", ".js", ".jse", ".lnk", ".msi", ".msp", ".paf",
	".pif", ".ps1", ".reg", ".rgs", ".scr", ".sct", ".vb", ".vbe", ".vbs", ".ws", ".wsf", ".wsh",
}

const (
	portalBytes = 5 << 20
	mailBytes   = 10 << 20 // ours: most mail servers take it once it is written as text
)

// RulesOf are the rules of a form. Microsoft publishes those of the Azure portal; its other forms
// are taken to have the same, and what goes by mail has ours.
func RulesOf(form string) Rules {
	r := Rules{Most: 5, MostAtCreation: 1, Bytes: portalBytes, Name: 110, Blocked: slices.Clone(blockedTypes)}
	if form == "provider" || form == "publisher" || form == "msrc" {
		r.Most, r.MostAtCreation, r.Bytes = 0, 0, mailBytes
	}
	return r
}

// CheckFile says why the form does not take a file: message keys, none when it does.
func CheckFile(form string, f File) []string {
	rules := RulesOf(form)
	var problems []string
	if slices.Contains(rules.Blocked, realExtension(f.Name)) {
		problems = append(problems, "dossier.problem.file_type")
	}
	if f.Bytes == 0 {
		problems = append(problems, "dossier.problem.file_empty")
	}
	if f.Bytes > rules.Bytes {
		problems = append(problems, "dossier.problem.file_too_big")
	}
	if utf8.RuneCountInString(f.Name) > rules.Name {
		problems = append(problems, "dossier.problem.file_name")
	}
	return problems
}

// realExtension is the one that a computer acts on: the last, whatever hides behind or within it
// ("report.pdf.exe", "report.exe. ", "report.exe::$DATA").
func realExtension(name string) string {
	name = foldAddress(name)
	name, _, _ = strings.Cut(name, ":")
	return extension(strings.TrimRight(name, ". "))
}
