package ui

import (
	"maps"
	"strings"

	"github.com/a-h/templ"
)

// Kind is how much a button weighs. A page has one Main.
type Kind string

// The zero Kind is the ordinary button: a line around a word.
const (
	Main   Kind = "main"
	Quiet  Kind = "quiet"
	Danger Kind = "danger"
)

// Button is the look of a button, whether it submits, presses or leads away.
// Its text is a verb, with who receives where that matters.
type Button struct {
	Text  string
	Icon  string
	Kind  Kind
	Small bool
	// Key is shown after the text and pressed by the script: "r", "?", "Control+K".
	Key string
	// Label names a button whose text is empty or does not say enough alone.
	Label string
	// More is anything else: name, value, popovertarget, data-copy, hx-….
	More templ.Attributes
}

func (b Button) attributes() templ.Attributes {
	a := templ.Attributes{}
	maps.Copy(a, b.More)
	if b.Kind != "" {
		a["data-kind"] = string(b.Kind)
	}
	if b.Kind == Danger {
		a["data-tone"] = "bad"
	}
	if b.Small {
		a["data-size"] = "s"
	}
	if b.Key != "" {
		a["aria-keyshortcuts"] = b.Key
	}
	if b.Label != "" {
		a["aria-label"] = b.Label
	}
	return a
}

// Shortcut is a key and what it does.
type Shortcut struct {
	Key  string
	Text string
}

// opens makes the button that shows the popover of this id.
func (b Button) opens(id string) Button {
	return b.with(templ.Attributes{"popovertarget": id})
}

// shows makes the button that opens the dialog of this id, by the invoker
// commands of HTML; the script stands in for browsers that lack them.
func (b Button) shows(id string) Button {
	return b.with(templ.Attributes{"command": "show-modal", "commandfor": id})
}

func (b Button) with(more templ.Attributes) Button {
	maps.Copy(more, b.More)
	b.More = more
	return b
}

// keyName is a key as it is printed on a hint: "Ctrl K".
func keyName(key string) string {
	if rest, found := strings.CutPrefix(key, "Control+"); found {
		return "Ctrl " + rest
	}
	return key
}
