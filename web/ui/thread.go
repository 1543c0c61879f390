package ui

import "time"

// Said is who said something, and when. Kind is customer, desk or note.
type Said struct {
	ID       string // the fragment that leads to it
	Kind     string
	Author   string
	Initials string
	Meta     string // to whom, or from where
	Tag      string // on a note: that only the inside sees it
	At       time.Time
}

func (s Said) side() string {
	if s.Kind == "customer" {
		return "customer"
	}
	return ""
}
