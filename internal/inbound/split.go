package inbound

import (
	"slices"
	"strings"
)

// splitter takes a body apart: what the sender wrote now, and what he quotes.
type splitter struct {
	rows    []row
	handsOn bool // the subject says that the mail hands another on
	fresh   bool // nothing outside the body says that it answers anything
	notes   func(string, ...any)
	tried   int // lines looked at closely
}

// boundary is where the first quotation begins. past is the first row after what announces it.
type boundary struct {
	at, past int
	forward  bool
	toEnd    bool // all that follows is quoted; otherwise depth says what is
}

// split sets a message's text, what it quotes and whom it hands on.
func (r *reader) split(m *Message, root *entity, g gathered) {
	handsOn, answers := subjectSays(m.Subject)
	s := splitter{handsOn: handsOn, fresh: !handsOn && !answers && len(m.InReplyTo)+len(m.References) == 0, notes: r.problem}
	s.rows = r.rows(g.body, false)
	s.settle()
	b, found := s.first()
	if !found && s.undivided() && slices.ContainsFunc(g.body, func(of segment) bool { return of.hasHTML && strings.TrimSpace(of.plain) != "" }) {
		// The plain text shows no quotation; the page may.
		page := splitter{rows: r.rows(g.body, true), handsOn: handsOn, fresh: s.fresh, notes: r.problem}
		if other, there := page.first(); there || !page.undivided() {
			s, b, found = page, other, there
		}
	}
	switch {
	case m.Automatic == Bounced:
		m.Text = joined(s.rows, 0)
	case found && b.forward:
		m.Forwarded, m.ForwardedFrom = true, s.author(b)
		m.Text = s.whole(b)
	default:
		m.Text, m.Quoted = s.divide(b, found)
	}
	if !m.Forwarded && m.Automatic == No && !answers {
		r.forwardedMail(m, g)
	}
}

// forwardedMail takes an attached mail for one that is handed on.
func (r *reader) forwardedMail(m *Message, g gathered) {
	for _, e := range g.files {
		if e.kind.value != "message/rfc822" {
			continue
		}
		inner := reader{limits: r.limits}
		data, _ := decodeTransfer(e.body, e.header.first("content-transfer-encoding"))
		h, _ := inner.readHeader(data)
		m.Forwarded = true
		if from := inner.addresses([]string{h.inUTF8().first("from")}); len(from) > 0 {
			m.ForwardedFrom = &from[0]
		}
		return
	}
}

// rows makes the rows of the whole body, by preference from plain text, or from its pages.
func (r *reader) rows(body []segment, pages bool) []row {
	var rows []row
	for _, s := range body {
		if s.hasHTML && (pages || strings.TrimSpace(s.plain) == "") {
			rows = append(rows, r.rowsOfPage(s.html)...)
		} else {
			rows = append(rows, r.rowsOf(s.plain)...)
		}
		rows = append(rows, row{})
	}
	return rows
}

// settle gives a lone > of a new mail back: it is a prompt or a comparison, and quotes nothing.
func (s *splitter) settle() {
	if !s.fresh {
		return
	}
	for i, l := range s.rows {
		before := i > 0 && s.rows[i-1].depth > 0
		after := i+1 < len(s.rows) && s.rows[i+1].depth > 0
		if l.depth == 1 && !before && !after && !s.announced(i) {
			s.rows[i] = row{text: "> " + l.text}
		}
	}
}

// announced says whether the row before a quotation says who wrote it.
func (s *splitter) announced(i int) bool {
	for i--; i >= 0 && s.rows[i].blank(); i-- {
	}
	return i >= 0 && endsOpen(s.rows[i].text)
}

func (s *splitter) undivided() bool {
	for _, l := range s.rows {
		if l.depth > 0 {
			return false
		}
	}
	return true
}

// first finds the first row, outside of quotations, that begins one.
func (s *splitter) first() (boundary, bool) {
	for i, l := range s.rows {
		if l.blank() || l.depth > 0 && !s.handsOnAt(i) {
			continue
		}
		if b, found := s.begins(i); found {
			b.forward = b.forward || s.handsOn
			if next := s.next(b.past - 1); next < len(s.rows) && s.rows[next].depth > l.depth {
				b.toEnd = false
			}
			return b, true
		}
	}
	return boundary{}, false
}

// handsOnAt says whether the first row of a quotation may be the head of a mail that is handed on within it.
func (s *splitter) handsOnAt(i int) bool {
	back := i - 1
	for back >= 0 && s.rows[back].blank() {
		back--
	}
	return (back < 0 || s.rows[back].depth < s.rows[i].depth) && (s.handsOn || isHanded(s.rows[i].text))
}

// begins says whether a quotation begins at a row, by what clients write there.
func (s *splitter) begins(i int) (boundary, bool) {
	l := s.rows[i]
	switch {
	case isHanded(l.text) && s.handedAt(i):
		return boundary{at: i, past: s.head(s.next(i)), forward: true, toEnd: true}, true
	case isOriginal(l.text), isReplyMark(l.text), isFramed(l.text) && s.handedAt(i):
		return boundary{at: s.absorb(i), past: s.head(s.next(i)), toEnd: true}, true
	case l.mark == quotes:
		return boundary{at: i, past: s.head(i), toEnd: true}, true
	}
	if past := s.head(i); past > i && (!s.fresh || s.ruled(i) || s.programs(i, past)) {
		return boundary{at: i, past: past, toEnd: true}, true
	}
	if past, certain := s.wrote(i); past > i {
		next := s.next(past - 1)
		deeper := next < len(s.rows) && s.rows[next].depth > l.depth
		if deeper || certain && (!s.fresh || l.mark == attributes) {
			return boundary{at: i, past: past, toEnd: !deeper}, true
		}
	}
	return boundary{}, false
}

// handedAt wants the head of a mail after the line that says one is handed on, within a quotation or not.
func (s *splitter) handedAt(i int) bool {
	next := s.next(i)
	return next < len(s.rows) && s.head(next) > next
}

// next is the first row after i that is not blank, or the number of rows.
func (s *splitter) next(i int) int {
	for i++; i < len(s.rows) && s.rows[i].blank(); i++ {
	}
	return i
}

// ruled says whether a line, drawn or of HTML, stands above a row.
func (s *splitter) ruled(i int) bool {
	if s.rows[i].mark != noMark {
		return true
	}
	for i--; i >= 0 && s.rows[i].blank(); i-- {
	}
	return i >= 0 && isRule(s.rows[i].text)
}

// programs says whether a head has a label that only mail programs write: a header that someone pasted says Date.
func (s *splitter) programs(from, past int) bool {
	for _, l := range s.rows[from:past] {
		if kind, _ := labelOf(l.text); kind == labelSent && !dateOnly.MatchString(plain(l.text)) {
			return true
		}
	}
	return false
}

func isRule(text string) bool { return len(text) >= 5 && strings.Trim(text, "_-=* ") == "" }

// absorb goes back over the line that announces, in whatever language, the quotation at a row.
func (s *splitter) absorb(i int) int {
	back := i - 1
	for back >= 0 && s.rows[back].blank() {
		back--
	}
	if back < 0 || !endsOpen(s.rows[back].text) {
		return i
	}
	start := back
	for start > 0 && back-start < maxWrote-1 && !s.rows[start-1].blank() {
		start--
	}
	for ; start <= back; start++ {
		if text := s.paragraph(start, back+1); day.MatchString(text) && (strings.Contains(text, "@") || wrote.MatchString(plain(text))) && (start == back || began.MatchString(plain(text))) {
			return start
		}
	}
	return i
}
