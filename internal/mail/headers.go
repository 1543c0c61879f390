package mail

import (
	"slices"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"guichet/internal/desk"
)

// headers writes what mail programs and servers sort a letter by.
func (s *Sender) headers(m *gomail.Msg, l Letter) {
	name := l.Name
	if name == "" {
		name = l.ID.String()
	}
	m.SetMessageIDWithValue(name + "@" + s.host)
	if l.Ticket.ID != desk.Nobody {
		s.thread(m, l)
	}
	m.SetGenHeader("List-Id", "<"+l.Desk.Slug+"."+s.host+">") // RFC 2919: filters know the desk by it
	if l.Stop != "" {
		m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+s.base+l.Stop+">")
		m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click") // RFC 8058
	}
	if l.personal() {
		m.SetGenHeader("X-Auto-Response-Suppress", "OOF, AutoReply")
	} else { // nobody wrote this letter: RFC 3834 §5
		m.SetGenHeader("Auto-Submitted", "auto-generated")
		m.SetGenHeader("X-Auto-Response-Suppress", "All")
	}
}

// thread says what a letter follows (RFC 5322 §3.6.4): all letters to one person about
// one ticket, and what he mailed himself, are one conversation.
func (s *Sender) thread(m *gomail.Msg, l Letter) {
	var ids []string
	for _, id := range l.Before {
		if !strings.Contains(id, "@") {
			id += "@" + s.host
		}
		if fitsID(id) {
			ids = append(ids, "<"+id+">")
		}
	}
	if len(ids) == 0 {
		return
	}
	m.SetGenHeader(gomail.HeaderInReplyTo, ids[len(ids)-1])
	m.SetGenHeader(gomail.HeaderReferences, strings.Join(ids, " "))
}

// fitsID tells a Message-ID that can stand in a header: others' are theirs to write.
func fitsID(id string) bool {
	return len(id) <= 250 && strings.Count(id, "@") == 1 && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>(),;:\\\"", r) })
}

// line is a text that can stand on one line.
func line(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }), " ")
}

// personal tells a letter that holds what a person wrote to its reader.
func (l Letter) personal() bool {
	return l.Kind == Reply || l.Kind == Digest && slices.ContainsFunc(l.Told, func(x Letter) bool { return x.Kind == Reply })
}
