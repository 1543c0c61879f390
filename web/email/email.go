// Package email writes the desk's letters, as text and as HTML that says the
// same.
package email

import "strings"

// Content is a letter's words, translated for its reader.
type Content struct {
	Subject  string
	Lang     string
	Desk     string
	Accent   string // "#rrggbb" of the rule above the letter
	Greeting string
	Lines    []string // paragraphs
	Quotes   []Quote  // what people wrote, oldest first
	After    []string // paragraphs below it
	Button   string   // words of the one link
	URL      string
	Below    []string // paragraphs below the link
	Notes    []string // small print
	Mark     string   // stands above all: what its reader answers stands above it
	Stop     string   // words of the link that turns such letters off
	StopURL  string
}

// Quote is what somebody wrote, and who and when.
type Quote struct{ By, Text string }

// Text is the plain part (RFC 3676 readers wrap it themselves).
func (c Content) Text() string {
	var b strings.Builder
	if c.Mark != "" {
		b.WriteString(c.Mark + "\n\n")
	}
	b.WriteString(c.Greeting + "\n\n")
	for _, l := range c.Lines {
		b.WriteString(l + "\n\n")
	}
	for _, q := range c.Quotes {
		b.WriteString(q.By + "\n")
		for _, l := range q.lines() {
			b.WriteString(strings.TrimRight("> "+l, " ") + "\n")
		}
		b.WriteString("\n")
	}
	for _, l := range c.After {
		b.WriteString(l + "\n\n")
	}
	if c.URL != "" {
		b.WriteString(c.Button + "\n" + c.URL + "\n\n")
	}
	for _, l := range c.Below {
		b.WriteString(l + "\n\n")
	}
	b.WriteString("-- \n" + c.Desk + "\n")
	for _, n := range c.Notes {
		b.WriteString(n + "\n")
	}
	if c.StopURL != "" {
		b.WriteString(c.Stop + "\n" + c.StopURL + "\n")
	}
	return b.String()
}

func (q Quote) lines() []string { return strings.Split(q.Text, "\n") }
