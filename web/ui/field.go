package ui

import (
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// Field is one question of a form: its name and label, what was answered, and
// what is wrong with the answer. Label, Hint and Error are texts, translated.
type Field struct {
	Name     string
	Label    string
	Hint     string
	Error    string
	Value    string
	Type     string // of an input; "text" when empty
	Required bool
	Optional bool // says so beside the label
	// More is anything else: id, autocomplete, maxlength, rows, min, multiple, data-….
	More templ.Attributes
}

// Option is one answer of a Select or of Choices.
type Option struct {
	Value string
	Text  string
	Hint  string // below the text of a choice; a Select has none
}

// Problem is a wrong answer: the id of its control and the sentence that says
// how to put it right.
type Problem struct {
	For  string
	Text string
}

// ID is the id of the field's control, which a Problem points at: the name,
// unless More has another.
func (f Field) ID() string {
	if id, ok := f.More["id"].(string); ok {
		return id
	}
	return f.Name
}

func (f Field) hintID() string { return f.ID() + "-hint" }

func (f Field) errorID() string { return f.ID() + "-error" }

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// control is what every kind of control has in common: its name, what
// describes it and whether its answer is wrong.
func (f Field) control() templ.Attributes {
	a := templ.Attributes{}
	maps.Copy(a, f.More)
	a["id"], a["name"] = f.ID(), f.Name
	if f.Required {
		a["required"] = true
	}
	if d := f.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if f.Error != "" {
		a["aria-invalid"], a["data-tone"] = "true", "bad"
	}
	return a
}

// group is the part of control that belongs to a set of choices as a whole.
func (f Field) group() templ.Attributes {
	a := templ.Attributes{}
	if d := f.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if f.Error != "" {
		a["data-tone"] = "bad"
	}
	return a
}

// choice is one control of a set. The first has the field's own id, so that a
// Problem leads into the set.
func (f Field) choice(n int, o Option) templ.Attributes {
	id := f.ID()
	if n > 0 {
		id += "-" + o.Value
	}
	a := templ.Attributes{"id": id, "name": f.Name, "value": o.Value}
	if f.Value == o.Value {
		a["checked"] = true
	}
	if f.Required {
		a["required"] = true
	}
	return a
}

// tick is one control of many; place tells them apart. The first has the
// field's own id, so that a Problem leads into the list.
func (f Field) tick(place string, o Option, ticked []string) templ.Attributes {
	id := f.ID()
	if place != "0-0" {
		id += "-" + place
	}
	a := templ.Attributes{"id": id, "name": f.Name, "value": o.Value}
	if slices.Contains(ticked, o.Value) {
		a["checked"] = true
	}
	return a
}

func (f Field) describedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.hintID())
	}
	if f.Error != "" {
		ids = append(ids, f.errorID())
	}
	return strings.Join(ids, " ")
}
