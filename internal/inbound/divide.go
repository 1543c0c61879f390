package inbound

import (
	"slices"
	"strings"
)

const (
	maxWrote = 4    // rows over which the line that says who wrote is wrapped
	maxTried = 5000 // lines that are looked at closely; no person's mail comes near
	maxHead  = 14   // rows within which the head of a quoted mail has its fields
)

// head reads the head of a quoted mail at a row: fields with the labels of some mail program. It returns the row
// after it, or i when there is none.
func (s *splitter) head(i int) (past int) {
	if i >= len(s.rows) {
		return i
	}
	depth, seen, address := s.rows[i].depth, map[label]bool{}, false
	if kind, _ := labelOf(s.rows[i].text); kind == noLabel {
		return s.foreignHead(i)
	}
	if s.tried++; s.tried > maxTried {
		return i
	}
	past = i
	for j, loose := i, 0; j < len(s.rows) && j-i < maxHead; j++ {
		l := s.rows[j]
		kind, value := labelOf(l.text)
		switch {
		case l.blank():
			if loose++; loose > 1 && !seen[labelFrom] || j > past+1 {
				j = len(s.rows)
			}
			continue
		case l.depth != depth || kind != noLabel && seen[kind] && kind != labelOther:
			j = len(s.rows)
			continue
		case kind != noLabel:
			seen[kind], past = true, j+1
			if kind == labelFrom {
				address = strings.Contains(value, "@") || value == "" && j+1 < len(s.rows) && strings.Contains(s.rows[j+1].text, "@")
			}
		case j > past+1 || s.rows[j-1].blank():
			j = len(s.rows)
		default:
			past = min(j+1, past+1) // a long list of recipients goes on
			if !strings.ContainsAny(l.text, "@;,<") && !seen[labelFrom] {
				j = len(s.rows)
			}
			if !strings.ContainsAny(l.text, "@;<") {
				past = j
			}
		}
	}
	fields := 0
	for _, kind := range []label{labelSent, labelTo, labelSubject} {
		if seen[kind] {
			fields++
		}
	}
	if seen[labelFrom] && (fields >= 2 || fields == 1 && address && (s.ruled(i) || s.rows[i].mark != noMark)) {
		return past
	}
	return s.foreignHead(i)
}

// foreignHead reads the head of a quoted mail in a language that is not known: below a line, three labels or more,
// and an address.
func (s *splitter) foreignHead(i int) int {
	if s.rows[i].mark == noMark && !s.ruled(i) {
		return i
	}
	past, address := i, false
	for past < len(s.rows) && labelled.MatchString(plain(s.rows[past].text)) && past-i < maxHead {
		address = address || strings.Contains(s.rows[past].text, "@")
		past++
	}
	if past-i >= 3 && address {
		return past
	}
	return i
}

// wrote reads the line that says who wrote what follows, which may be wrapped.
func (s *splitter) wrote(i int) (past int, certain bool) {
	for n := 1; n <= maxWrote && i+n <= len(s.rows); n++ {
		l := s.rows[i+n-1]
		if l.blank() || l.depth != s.rows[i].depth {
			break
		}
		if len(l.text) > maxPhrase || !endsOpen(l.text) && !strings.HasSuffix(l.text, ">") && !strings.HasSuffix(l.text, "--") {
			continue
		}
		if s.tried++; s.tried > maxTried {
			break
		}
		text := s.paragraph(i, i+n)
		if is, certain := isWrote(text); is && (n == 1 || began.MatchString(plain(text)) || day.MatchString(s.rows[i].text)) {
			return i + n, certain
		}
		// In a language that is not known, the marks of quotation and an address tell.
		next := s.next(i + n - 1)
		if endsOpen(l.text) && next < len(s.rows) && s.rows[next].depth > l.depth && day.MatchString(s.rows[i].text) && strings.Contains(text, "@") {
			return i + n, false
		}
	}
	return i, false
}

func (s *splitter) paragraph(from, to int) string {
	var lines []string
	for _, l := range s.rows[from:to] {
		lines = append(lines, l.text)
	}
	return strings.Join(lines, " ")
}

// divide sorts the rows. What stands between and below quoted lines is the sender's and stays in its order; what a
// phone or an app says of itself is no one's words and goes with the quotation.
func (s *splitter) divide(b boundary, found bool) (text, quoted string) {
	var mine, others []row
	for i, l := range s.rows {
		switch {
		case found && i >= b.at && (i < b.past || b.toEnd), l.depth > 0 && !l.blank():
			others = append(others, l)
			mine = append(mine, row{})
		case l.blank():
			mine, others = append(mine, l), append(others, row{})
		default:
			if past, _ := s.announces(i); past > i {
				for j := i; j < past; j++ {
					s.rows[j].depth++
				}
				others = append(others, s.rows[i])
				continue
			}
			mine = append(mine, l)
			others = append(others, row{})
		}
	}
	mine, said := withoutDevice(mine)
	others = append(said, others...)
	if len(mine) == 0 && len(others) > 0 && found && b.toEnd {
		s.notes("nothing stands above the quoted mail; the sender may have written within it")
	}
	return joined(mine, 0), joined(others, 1)
}

// announces says whether a later line of the body announces one more quotation.
func (s *splitter) announces(i int) (past int, certain bool) {
	if past, certain = s.wrote(i); past > i {
		if next := s.next(past - 1); next < len(s.rows) && s.rows[next].depth > s.rows[i].depth {
			return past, certain
		}
	}
	return i, false
}

// withoutDevice takes a device's signature, the rule above it and blank rows off the end.
func withoutDevice(rows []row) (mine, said []row) {
	end := len(rows)
	trim := func() {
		for end > 0 && (rows[end-1].blank() || isRule(rows[end-1].text)) {
			end--
		}
	}
	mine = rows
	for trim(); end > 0 && isDevice(rows[end-1].text); trim() {
		end--
		said = append([]row{rows[end]}, said...)
	}
	if ruled := slices.ContainsFunc(rows[end:], func(l row) bool { return isRule(l.text) }); ruled {
		// A rule at the end belongs to what follows it.
		for _, l := range rows[end:] {
			if isRule(l.text) {
				said = append(said, l)
			}
		}
	}
	return mine[:end], said
}

// whole is the text of a mail that hands another on: the sender's words and what they are about.
func (s *splitter) whole(b boundary) string {
	inner := 0
	if next := s.next(b.past - 1); next < len(s.rows) {
		inner = s.rows[next].depth
	}
	if head := s.next(b.at); head < len(s.rows) {
		inner = max(inner, s.rows[head].depth)
	}
	return joined(s.rows, inner)
}

// author reads who wrote what is handed on.
func (s *splitter) author(b boundary) *Address {
	for i := b.at; i < len(s.rows) && i < b.past+maxHead; i++ {
		kind, value := labelOf(s.rows[i].text)
		if kind != labelFrom {
			continue
		}
		if value == "" && i+1 < len(s.rows) {
			value = s.rows[i+1].text
		}
		return person(value)
	}
	if text := s.paragraph(b.at, b.past); strings.Contains(text, "@") {
		if found := looseAddresses(text); len(found) > 0 {
			return &Address{Email: found[0].Email}
		}
	}
	return nil
}

// person reads a sender as quoted heads write him: a name with an address in one kind of brackets or another, either
// of them alone, or a list's address on behalf of a person.
func person(value string) *Address {
	value = strings.ReplaceAll(plain(value), "mailto:", " ")
	for _, behalf := range []string{" on behalf of ", " de la part de ", " im Auftrag von ", " au nom de "} {
		if _, after, cut := strings.Cut(value, behalf); cut {
			value = after
		}
	}
	if found := looseAddresses(value); len(found) > 0 {
		return &found[0]
	}
	if name := strings.Trim(value, ` "'<>[]`); name != "" {
		return &Address{Name: name}
	}
	return nil
}
