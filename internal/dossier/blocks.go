package dossier

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Block is what goes into one box of the portal's form, to copy.
type Block struct {
	Key   string // its message is "dossier." and the key
	Text  string
	Limit int  // characters that fit; 0: no limit known
	ASCII bool // written without accents
	Cut   bool // the end is left out; all of it is in the file of the dossier
}

// Blocks are the boxes of the portal's form in its order. Empty ones are left out. All that has
// no box of its own stands in the description, each with its label.
func (d Dossier) Blocks() []Block {
	f := asked().Forms[d.Form]
	var placed []string
	for _, b := range f.Blocks {
		placed = append(placed, b.Fields...)
	}
	var blocks []Block
	for _, b := range f.Blocks {
		text := d.box(b, placed)
		if f.ASCII {
			text = strings.TrimSpace(ASCII(text))
		}
		if text == "" {
			continue
		}
		if b.Key != "contact_phone" {
			text = noFormula(text)
		}
		block := Block{Key: b.Key, Limit: b.Limit, ASCII: f.ASCII}
		block.Text, block.Cut = cut(text, b.Limit)
		blocks = append(blocks, block)
	}
	return blocks
}

// box is the text of one block: a value alone as it is, several each with its label.
func (d Dossier) box(b blockOf, placed []string) string {
	var in []Field
	for _, key := range b.Fields {
		if key == "severity" {
			in = append(in, Field{Key: key, Value: severityNames[d.Severity.Letter]})
		}
		if f, found := d.Field(key); found && f.Value != "" {
			in = append(in, f)
		}
	}
	if b.Rest {
		for _, f := range d.Fields {
			if f.Value != "" && !slices.Contains(placed, f.Key) {
				in = append(in, f)
			}
		}
	}
	if len(in) == 1 && len(b.Fields) == 1 {
		return in[0].Value
	}
	lines := make([]string, 0, len(in))
	for _, f := range in {
		lines = append(lines, labelled(Label(f.Key), f.Value))
	}
	return strings.Join(lines, "\n")
}

// labelled is a value behind its label. One of several lines is quoted line by line, so that
// nothing in it can pass for another label.
func labelled(label, value string) string {
	if !strings.Contains(value, "\n") {
		return label + ": " + value
	}
	return label + ":\n> " + strings.ReplaceAll(value, "\n", "\n> ")
}

// noFormula quotes what a sheet would take for a formula.
func noFormula(text string) string {
	if first, _ := utf8.DecodeRuneInString(text); strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + text
	}
	return text
}

const cutMark = "\n[...]"

func cut(text string, limit int) (string, bool) {
	if limit <= 0 || utf8.RuneCountInString(text) <= limit {
		return text, false
	}
	runes := []rune(text)
	return strings.TrimRight(string(runes[:max(0, limit-len(cutMark))]), " \n") + cutMark, true
}
