package ui

import "time"

// Step is one stage of something that takes a while.
type Step struct {
	Text    string
	Done    bool
	Current bool
}

// machineTime is how the datetime attribute is written (HTML, "global date and time").
func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
