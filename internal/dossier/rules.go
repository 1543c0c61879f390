package dossier

// Rules are what a form takes of files.
type Rules struct {
	Most           int   // files of a request in all; 0: no limit known
	MostAtCreation int   // of them when it is created
	Bytes          int64 // of each
	Name           int   // characters of a name
	Blocked        []string
}

// RulesOf are the rules of a form.
func RulesOf(form string) Rules { return Rules{} }

// CheckFile says why the form does not take a file: message keys, none when it does.
func CheckFile(form string, f File) []string { return nil }
