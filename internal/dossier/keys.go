package dossier

import "strings"

// LabelKey is the message key of a field's name.
func (f Field) LabelKey() string { return "dossier." + f.Key }

// AskKey is the message key of what to do for a missing field: a question when the customer can
// answer it, else a task.
func (f Field) AskKey() string { return "dossier.ask." + f.Key }

// FromKey is the message key of where a value comes from; "" when there is none.
func (f Field) FromKey() string {
	if f.From == "" {
		return ""
	}
	return "dossier.from." + f.From
}

// WhoKey is the message key of who can fill a field.
func (f Field) WhoKey() string { return "dossier.who." + f.Who }

// LabelKey is the message key of a box's name.
func (b Block) LabelKey() string { return "dossier." + b.Key }

// MessageKey is the message key of a condition.
func (c Condition) MessageKey() string { return "dossier.condition." + c.Key }

// LetterKey is the message key of a severity's name, "A", "B" or "C".
func LetterKey(letter string) string { return "dossier.letter." + strings.ToLower(letter) }

// MessageKey is the message key of a kind of secret.
func (m Masked) MessageKey() string { return "dossier.masked." + m.Kind }

// FormKey is the message key of a form's name.
func FormKey(form string) string { return "dossier.form." + form }

// WorkloadKey is the message key of a workload's name.
func WorkloadKey(workload string) string { return "dossier.workload." + workload }
