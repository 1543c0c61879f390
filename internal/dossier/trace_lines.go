package dossier

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	errorLine = regexp.MustCompile(`(?i)AADSTS\d{4,7}|\b0x[0-9a-f]{8}\b|\b[45]\d\d[ #-]+[45]\.\d{1,3}\.\d{1,4}|\b(?:error|erreur|exception|fehler)\b[^\n]{0,80}[:=«"“]|error code|code (?:d['’])?erreur`)
	quotes    = regexp.MustCompile(`(?i)(?:error|erreur|message|says|dit|affiche|shows?|fehler)[^\n«"“]{0,60}(?:«[ \x{00A0}\x{202F}]*([^»\n]{6,300}?)[ \x{00A0}\x{202F}]*»|"([^"\n]{6,300})"|“([^”\n]{6,300})”)`)
	stepsHead = regexp.MustCompile(`(?i)^[#*\s]*(?:steps(?: to reproduce)?|to reproduce|repro(?:duction)?(?: steps)?|how to reproduce|étapes(?: (?:de|pour) repro\w*)?|pour reproduire|comment reproduire|marche à suivre)[* \x{00A0}\x{202F}]*(?::[ *]*(.*))?$`)
	numbered  = regexp.MustCompile(`^\s*(\d{1,2})[.)][ \t]+\S`)
)

var stepsHints = []string{"step", "repro", "étape", "marche"}

const maxLine = 500 // characters of an error that are kept

var errorHints = []string{"error", "erreur", "exception", "fehler", "aadsts", "0x", "5.", "4.", "message", "says", "dit", "affiche", "show"}

// readErrors keeps what stands in quotes after a word of error, and lines that hold a code.
func (t *Traces) readErrors(line, lower string) {
	if len(line) > 10_000 || !holdsAny(lower, errorHints) {
		return
	}
	quoted := quotes.FindAllStringSubmatch(line, maxFound)
	for _, m := range quoted {
		keep(&t.Errors, strings.TrimSpace(m[1]+m[2]+m[3]))
	}
	if len(quoted) == 0 && errorLine.MatchString(line) {
		keep(&t.Errors, shorten(strings.TrimLeft(strings.TrimSpace(line), "> |")))
	}
}

// readSteps keeps a list of steps: what stands below such a title, or two numbered lines and more.
func (t *Traces) readSteps(text string) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !holdsAny(strings.ToLower(line), stepsHints) {
			continue
		}
		if m := stepsHead.FindStringSubmatch(line); m != nil {
			if steps := paragraph(m[1], lines[i+1:]); steps != "" {
				keep(&t.Steps, steps)
				return
			}
		}
	}
	var steps []string
	for _, line := range lines {
		if first := strings.TrimLeft(line, " \t"); first == "" || !digit(first[0]) {
			continue
		}
		m := numbered.FindStringSubmatch(line)
		switch {
		case m != nil && atoi(m[1]) == len(steps)+1:
			steps = append(steps, strings.TrimSpace(line))
		case m != nil && m[1] == "1":
			steps = []string{strings.TrimSpace(line)}
		}
	}
	if len(steps) >= 2 {
		keep(&t.Steps, strings.Join(steps, "\n"))
	}
}

// paragraph is the rest of a title's line and the lines below it, up to an empty one.
func paragraph(first string, lines []string) string {
	var kept []string
	if first = strings.TrimSpace(first); first != "" {
		kept = append(kept, first)
	}
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" && (i > 0 || len(kept) > 0) || len(kept) == 30 {
			break
		}
		if line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

func shorten(line string) string {
	if utf8.RuneCountInString(line) <= maxLine {
		return line
	}
	return string([]rune(line)[:maxLine-3]) + "..."
}

func atoi(digits string) int {
	n := 0
	for _, d := range []byte(digits) {
		n = n*10 + int(d-'0')
	}
	return n
}
