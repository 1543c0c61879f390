package dossier

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Asked is one message that asked the customer for fields, numbered from 1 in their order.
type Asked struct {
	At     time.Time // of the message, which is among Said
	Fields []string
}

var (
	item     = regexp.MustCompile(`^\s*(\d{1,2})(?:[.)]\s*|\s*[-–:/]\s+)(\S.*)$`)
	noAnswer = regexp.MustCompile(`(?i)^(?:je ne sais pas|je l’ignore|aucune idée|i (?:do not|don['’]t) know|no idea|unknown|inconnue?|n/?a|[?–-]+)\W*$`)
	worded   = []string{"steps", "affected_count", "error_text"} // taken as said, though texts give them too
)

// readReplies gives what the customer answered by number to the fields that were asked: the last
// answer counts. A list of questions that a person changed before sending it says nothing.
func (b *builder) readReplies() {
	b.replies, b.listed = map[string]found{}, map[int]bool{}
	for n, a := range b.in.Asked {
		q := slices.IndexFunc(b.in.Said, func(s Said) bool { return s.Side == "desk" && s.At.Equal(a.At) })
		if q < 0 || len(a.Fields) == 0 || len(items(b.in.Said[q].Text, 99)) != len(a.Fields) {
			continue
		}
		for i := q + 1; i < len(b.in.Said); i++ {
			s := b.in.Said[i]
			if n+1 < len(b.in.Asked) && !s.At.Before(b.in.Asked[n+1].At) {
				break
			}
			if s.Side != "customer" {
				continue
			}
			for number, text := range items(s.Text, len(a.Fields)) {
				b.listed[i+1] = true
				if f := b.reply(a.Fields[number-1], text, s.At); f.value != "" {
					f.from, f.at = "text", i+1
					b.replies[a.Fields[number-1]] = f
				}
			}
		}
	}
}

// items are the numbered lines of a text by number, 1 to most, each with the lines below it up to
// an empty one. Numbers only rise.
func items(text string, most int) map[int]string {
	list, last, open := map[int]string{}, 0, false
	for line := range strings.SplitSeq(text, "\n") {
		m := item.FindStringSubmatch(line)
		switch {
		case m != nil && atoi(m[1]) > last && atoi(m[1]) <= most:
			last, open = atoi(m[1]), true
			list[last] = strings.TrimSpace(m[2])
		case strings.TrimSpace(line) == "":
			open = false
		case open:
			list[last] += "\n" + strings.TrimSpace(line)
		}
	}
	return list
}

// reply reads one answer as its field wants it; what does not fit is left to the texts.
func (b *builder) reply(key, text string, at time.Time) found {
	t := read(text, b.in.Zone, at, b.in.Ticket.Language)
	_, picked := picks[key]
	switch {
	case noAnswer.MatchString(text):
	case key == "started_at" || key == "timestamp":
		if len(t.Times) > 0 && (t.Times[0].Ambiguous || !t.Times[0].At.After(at.Add(time.Hour))) {
			return t.Times[0].found(source{})
		}
	case key == "diagnostics_consent" || key == "critical_function":
		first, _, _ := strings.Cut(strings.TrimSpace(text)+" ", " ")
		if first = strings.Trim(first, ",;:.!"); yes(first) || no(first) {
			return b.answered(key, first)
		}
	case key == "upn":
		if people := b.theirs(t.People); len(people) > 0 {
			return found{value: people[0]}
		}
	case !picked || slices.Contains(worded, key):
		return found{value: text}
	}
	return nothing
}
